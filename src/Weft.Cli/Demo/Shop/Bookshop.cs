using System.ComponentModel;
using System.Net;
using System.Net.Sockets;

namespace Weft.Cli.Demo;

/// <summary>The running shop: its processes and the folder that its proxies read.</summary>
internal sealed class Bookshop : IAsyncDisposable
{
    // A port may be taken between its choice and its use.
    private const int MaxTries = 3;

    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<string, ChildProcess> _processes = [];
    private readonly TimeProvider _time;

    private Bookshop(ShopPlan plan, ShopFiles files, TimeProvider time)
    {
        Plan = plan;
        Files = files;
        _time = time;
    }

    public ShopPlan Plan { get; }

    public ShopFiles Files { get; }

    public IReadOnlyCollection<ChildProcess> Processes => _processes.Values;

    /// <summary>Whether an instance was killed.</summary>
    public bool IsKilled(string name) => _processes.TryGetValue(name, out var process) && process.IsKilled;

    /// <summary>Starts everything, and returns when every proxy is ready and every application listens.</summary>
    /// <exception cref="DemoException">It does not come up; the message has the last words of what ended.</exception>
    public static async Task<Bookshop> OpenAsync(Random random, TimeProvider time, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var folder = Directory.CreateTempSubdirectory("weft-demo-").FullName;
            var shop = new Bookshop(ShopPlan.Create(random), new ShopFiles(folder), time);
            try
            {
                await shop.StartAsync(cancel);
                return shop;
            }
            catch (DemoException) when (attempt < MaxTries && !cancel.IsCancellationRequested)
            {
                await shop.DisposeAsync();
            }
            catch
            {
                await shop.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Kills an instance and its proxy, as if their machine had died; returns when both are gone.</summary>
    /// <param name="name">The instance.</param>
    /// <param name="now">The clock of the traffic.</param>
    /// <param name="cancel">Gives up waiting.</param>
    public async Task<Death> KillAsync(string name, Func<TimeSpan> now, CancellationToken cancel)
    {
        var machine = Plan.Machines.First(m => m.Name == name);
        var (proxy, application) = (_processes[machine.ProxyName], _processes[machine.Name]);
        var began = now();
        proxy.Kill();
        application.Kill();
        await proxy.WaitUntilGoneAsync(cancel);
        await application.WaitUntilGoneAsync(cancel);
        return new Death(name, began, now());
    }

    /// <summary>Whether all processes run that should.</summary>
    /// <exception cref="DemoException">A process ended that nobody killed.</exception>
    public void ThrowIfAnyEnded()
    {
        foreach (var process in _processes.Values)
        {
            if (process.HasExited && !process.IsKilled)
            {
                throw new DemoException(process.Epitaph());
            }
        }
    }

    /// <summary>Ends every process and removes the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes.Values.Where(process => !process.HasExited))
        {
            process.Kill();
        }

        foreach (var process in _processes.Values)
        {
            await process.WaitUntilGoneAsync(CancellationToken.None);
            process.Dispose();
        }

        Directory.Delete(Files.Folder, recursive: true);
    }

    private async Task StartAsync(CancellationToken cancel)
    {
        Files.Write(Plan);
        try
        {
            foreach (var machine in Plan.Machines)
            {
                Start(machine.ProxyName, ServiceVerb.ProxyArguments(Files.FileOf(machine)));
                Start(machine.Name, ServiceVerb.ServiceArguments(machine), UriOf(machine.Outbound));
            }

            Start(ShopPlan.VisitorsProxy, ServiceVerb.ProxyArguments(Files.VisitorsFile));
        }
        catch (Win32Exception error)
        {
            throw new DemoException($"this program cannot be started once more: {error.Message}", error);
        }

        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        foreach (var admin in Plan.Machines.Select(machine => machine.Admin).Append(Plan.VisitorsAdmin))
        {
            await UntilAsync(token => IsReadyAsync(client, admin, token), cancel);
        }

        foreach (var machine in Plan.Machines)
        {
            await UntilAsync(token => ListensAsync(machine.Application, token), cancel);
        }
    }

    private void Start(string name, IEnumerable<string> arguments, Uri? httpProxy = null) =>
        _processes.Add(name, ChildProcess.Start(name, arguments, httpProxy));

    private async Task UntilAsync(Func<CancellationToken, Task<bool>> condition, CancellationToken cancel)
    {
        while (!await condition(cancel))
        {
            ThrowIfAnyEnded();
            await Task.Delay(s_poll, _time, cancel);
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client, IPEndPoint admin, CancellationToken cancel)
    {
        try
        {
            using var response = await client.GetAsync(new Uri(UriOf(admin), "ready"), cancel);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // It does not listen yet.
        }
    }

    private static async Task<bool> ListensAsync(IPEndPoint address, CancellationToken cancel)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address, cancel);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static Uri UriOf(IPEndPoint address) => new($"http://{address}/");
}
