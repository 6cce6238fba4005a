using System.Net;
using System.Net.Sockets;
using Weft.Telemetry;

namespace Weft.Proxy.Tests;

/// <summary>A proxy in this process that reads and watches files, put together as the program does it.</summary>
internal sealed class FilesProxy : IAsyncDisposable
{
    private const string Header = "apiVersion: weft.dev/v1\n";

    private readonly DirectoryInfo _folder;
    private readonly StringWriter _logged = new();
    private readonly Log _log;
    private readonly TaskCompletionSource _shutdown = new();

    private FilesProxy(DirectoryInfo folder)
    {
        _folder = folder;
        _log = new Log(_logged, TimeProvider.System);
        Metrics = new ProxyMetrics(new MetricRegistry(TimeProvider.System));
    }

    public ProxyMetrics Metrics { get; }

    public WorldKeeper Keeper { get; private set; } = null!;

    public ProxyServer Server { get; private set; } = null!;

    public AdminServer Admin { get; private set; } = null!;

    public ProxyState State { get; private set; } = null!;

    /// <summary>Completes when somebody asked for an end.</summary>
    public Task Shutdown => _shutdown.Task;

    public string Logged => _logged.ToString();

    /// <summary>A listener as it stands in the file.</summary>
    public static string Listener(string name = "out", string address = "127.0.0.1:0", string more = "") =>
        $"  - {{name: {name}, kind: outbound, address: \"{address}\"{more}}}\n";

    public static string Config(string listeners, string resources = "mesh", string more = "") =>
        $"admin: 127.0.0.1:0\nworkers: 1\nresources: {resources}\n{more}listeners:\n{listeners}";

    public static string Dtab(string text, string name = "default") =>
        $"{Header}kind: Dtab\nmetadata: {{name: {name}}}\nspec: \"{text}\"\n";

    public static string Namer(string root) =>
        $"{Header}kind: Namer\nmetadata: {{name: file}}\nspec: {{kind: file, root: {root}}}\n";

    /// <summary>A file, two documents (table and namer), and the services below <c>disco</c>.</summary>
    public static async Task<FilesProxy> StartAsync(
        string? config = null,
        string? dtab = null,
        params (string Name, IPEndPoint Address)[] services
    )
    {
        var proxy = new FilesProxy(Directory.CreateTempSubdirectory("weft-proxy-"));
        proxy.Write("mesh/dtab.yaml", dtab ?? Dtab("/svc => /#/file"));
        proxy.Write("mesh/namer.yaml", Namer("../disco"));
        Directory.CreateDirectory(proxy.At("disco"));
        foreach (var (name, address) in services)
        {
            proxy.SetService(name, address);
        }

        proxy.Write("proxy.yaml", config ?? Config(Listener()));
        await proxy.OpenAsync();
        return proxy;
    }

    public string At(string name) => System.IO.Path.Combine(_folder.FullName, name);

    /// <summary>Writes a file as a whole, as careful editors do.</summary>
    public void Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(name))!);
        var draft = At(name) + ".tmp";
        File.WriteAllText(draft, text);
        File.Move(draft, At(name), overwrite: true);
    }

    public void SetService(string name, IPEndPoint address) =>
        Write($"disco/{name}", $"{address.Address} {address.Port}\n");

    public void Delete(string name) => File.Delete(At(name));

    public IPEndPoint AddressOf(string listener = "out") =>
        Server.Listeners.Single(l => l.Config.Name == listener).Local!;

    /// <summary>One request on a connection of its own.</summary>
    public async Task<RawResponse> AskAsync(string host = "web", string listener = "out", string fields = "")
    {
        using var client = await Wire.ConnectAsync(AddressOf(listener));
        await client.SendAsync($"GET / HTTP/1.1\r\nhost: {host}\r\n{fields}\r\n");
        return (await client.ReadResponseAsync())!;
    }

    /// <summary>One request to the admin endpoints.</summary>
    public async Task<RawResponse> AskAdminAsync(
        string path,
        string method = "GET",
        string host = "localhost",
        string fields = "",
        string body = ""
    )
    {
        using var client = await Wire.ConnectAsync(Admin.LocalEndPoint!);
        var length = method is "GET" or "HEAD" ? "" : $"content-length: {body.Length}\r\n";
        await client.SendAsync($"{method} {path} HTTP/1.1\r\nhost: {host}\r\n{length}{fields}\r\n{body}");
        return (await client.ReadResponseAsync(toHead: method == "HEAD"))!;
    }

    /// <summary>Waits until a later world than this one is in force.</summary>
    public Task IsLaterThanAsync(long version) =>
        Eventually.HoldsAsync(() => State.World.Version > version, $"a world after version {version}");

    /// <summary>Waits until a change was refused, and gives the reasons.</summary>
    public async Task<string> RefusalAsync(int count = 1)
    {
        await Eventually.HoldsAsync(() => Keeper.Status.Rejections.Count >= count, $"{count} refused changes");
        return string.Join('\n', Keeper.Status.Rejections[0].Problems);
    }

    /// <summary>Waits until nothing is wrong any more.</summary>
    public Task IsMendedAsync() => Eventually.HoldsAsync(() => Keeper.Status.Problems.Count == 0, "no problem left");

    public async ValueTask DisposeAsync()
    {
        await Keeper.DisposeAsync();
        await Server.StopAsync();
        await Admin.StopAsync();
        _log.Dispose();
        _folder.Delete(recursive: true);
        Assert.DoesNotContain("was not taken", Logged, StringComparison.Ordinal);
        Assert.DoesNotContain("ran into an error", Logged, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", Logged, StringComparison.Ordinal);
    }

    /// <summary>An address that nobody has at the moment.</summary>
    public static IPEndPoint FreeAddress()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }

    private async Task OpenAsync()
    {
        var file = At("proxy.yaml");
        var (config, problems) = Resources.ProxyConfig.Parse(await File.ReadAllTextAsync(file), file);
        Assert.True(config is not null, string.Join('\n', problems));
        var time = TimeProvider.System;
        var random = new Random(11);
        (var keeper, problems) = await WorldKeeper.OpenAsync(file, config, time, random, _log, Metrics);
        Assert.True(keeper is not null, string.Join('\n', problems));
        Keeper = keeper;
        State = new ProxyState(Metrics, _log, Keeper.World, random);
        Server = new ProxyServer(State, time, random);
        Admin = new AdminServer(Server, Keeper, State, time, () => _shutdown.TrySetResult());
        Server.Start();
        Admin.Start(config.Admin);
        Keeper.Start(Server.Prepare, Server.Publish);
    }
}
