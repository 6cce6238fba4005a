using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Weft.Control.Tests.Http;
using Weft.Telemetry;

namespace Weft.Control.Tests.Support;

/// <summary>A control plane on a free port of this machine, over a store of its own.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Log _log = new(TextWriter.Null, TimeProvider.System);

    private TestServer() { }

    public EmbeddedStore Store { get; private set; } = null!;

    public ControlServer Server { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public static Task<TestServer> StartAsync(Func<ControlOptions, ControlOptions>? change = null) =>
        StartAsync(change, traffic: null);

    /// <summary>Begins one whose proxies have reported what a test says.</summary>
    internal static async Task<TestServer> StartAsync(Func<ControlOptions, ControlOptions>? change, ITraffic? traffic)
    {
        var test = new TestServer();
        var options = new ControlOptions
        {
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
            Data = test._folder["data"],
        };
        test.Store = EmbeddedStore.Open(options.Data, TimeProvider.System);
        test.Server = await ControlServer.StartAsync(
            change?.Invoke(options) ?? options,
            test.Store,
            TimeProvider.System,
            new Random(1),
            test._log,
            traffic
        );
        test.Client = new HttpClient { BaseAddress = test.Server.Address };
        return test;
    }

    /// <summary>Ends the server, and begins another one over the same folder at an address.</summary>
    /// <param name="address">Where.</param>
    /// <param name="between">What happens to the documents meanwhile.</param>
    public async Task RestartAsync(IPEndPoint address, Func<EmbeddedStore, Task> between)
    {
        await Server.DisposeAsync();
        await Store.DisposeAsync();
        var options = new ControlOptions { Listen = address, Data = _folder["data"] };
        Store = EmbeddedStore.Open(options.Data, TimeProvider.System);
        await between(Store);
        Server = await ControlServer.StartAsync(options, Store, TimeProvider.System, new Random(1), _log);
    }

    /// <summary>Ends the server, and begins another one at an address that has never heard of any document.</summary>
    public async Task LoseAsync(IPEndPoint address)
    {
        await Server.DisposeAsync();
        await Store.DisposeAsync();
        Directory.Delete(_folder["data"], recursive: true);
        var options = new ControlOptions { Listen = address, Data = _folder["data"] };
        Store = EmbeddedStore.Open(options.Data, TimeProvider.System);
        Server = await ControlServer.StartAsync(options, Store, TimeProvider.System, new Random(1), _log);
    }

    public string Write(string name, string content)
    {
        var file = _folder[name];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return file;
    }

    /// <summary>The document of the namer <c>file</c> over a folder of files that <see cref="Write"/> has written.</summary>
    public string NamerOf(string folder) => Documents.Namer(_folder[folder]);

    /// <summary>Stores documents.</summary>
    public async Task ApplyAsync(string documents, string ns = "default") =>
        Assert.Equal(200, (await SendAsync("POST", $"/api/v1/namespaces/{ns}/apply", documents)).Status);

    /// <summary>Sends a request with headers of the form <c>name: value</c>.</summary>
    public async Task<TestAnswer> SendAsync(string method, string path, string? body, params string[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/yaml");
        }

        foreach (var header in headers)
        {
            var (name, value) = (header.Split(": ")[0], header.Split(": ", 2)[1]);
            if (name == "content-type")
            {
                request.Content!.Headers.ContentType = new(value);
            }
            else
            {
                Assert.True(request.Headers.TryAddWithoutValidation(name, value), header);
            }
        }

        using var response = await Client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new TestAnswer((int)response.StatusCode, response.Headers.ETag?.Tag, text);
    }

    public Task<TestAnswer> GetAsync(string path, params string[] headers) => SendAsync("GET", path, null, headers);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        await Store.DisposeAsync();
        _log.Dispose();
        _folder.Dispose();
    }
}

/// <summary>What came back.</summary>
public sealed record TestAnswer(int Status, string? Tag, string Text)
{
    public JsonNode Json => JsonNode.Parse(Text)!;
}
