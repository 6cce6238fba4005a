using System.Net;
using System.Text.Json;

namespace Weft.EndToEnd.Harness;

/// <summary>A running <c>weft proxy</c>, ready to serve: <c>await using var weft = await WeftProcess.Start(mesh);</c></summary>
internal sealed class WeftProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly HttpClient _admin;

    private WeftProcess(IPEndPoint outbound, IPEndPoint admin, ChildProcess process)
    {
        _process = process;
        Outbound = outbound;
        _admin = new HttpClient { BaseAddress = new Uri($"http://{admin}"), Timeout = Eventually.Deadline };
    }

    /// <summary>Where applications send their requests.</summary>
    public IPEndPoint Outbound { get; }

    /// <summary>What it wrote to standard error, the last lines.</summary>
    public string Errors => _process.Errors;

    public long ResidentBytes => _process.ResidentBytes;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts it and waits until <c>/ready</c> says yes; an exit before that fails the test with what it wrote.</summary>
    public static Task<WeftProcess> Start(TempMesh mesh) => Start(mesh.ConfigFile, mesh.Outbound, mesh.Admin);

    /// <summary>The same for a proxy's file of another origin.</summary>
    public static async Task<WeftProcess> Start(string configFile, IPEndPoint outbound, IPEndPoint admin)
    {
        var weft = new WeftProcess(outbound, admin, ChildProcess.Start(WeftProgram.Path, "proxy", "-c", configFile));
        try
        {
            await Eventually.Is(weft.IsReady, "the proxy was ready");
            return weft;
        }
        catch (TimeoutException e)
        {
            await weft.DisposeAsync();
            throw new TimeoutException($"{e.Message}; it said:\n{weft.Errors}", e);
        }
        catch
        {
            await weft.DisposeAsync();
            throw;
        }
    }

    /// <summary>One request on a connection of its own.</summary>
    public async Task<RawResponse> Get(string host, string path = "/", string headers = "")
    {
        using var client = await Connect();
        await client.Send($"GET {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n");
        return await client.ReadFinalResponse();
    }

    /// <summary>A connection to the outbound listener, for tests that send their own bytes.</summary>
    public Task<ScriptedPeer> Connect() => ScriptedPeer.Connect(Outbound);

    /// <summary>An admin page; any status but 200 fails the test.</summary>
    public Task<string> Admin(string path) => _admin.GetStringAsync(path);

    /// <summary>An admin page in JSON.</summary>
    public async Task<JsonDocument> AdminJson(string path) => JsonDocument.Parse(await Admin(path));

    /// <summary>The sum of a metric's series that carry all these labels, each as <c>name="value"</c>; 0 when there is none.</summary>
    public async Task<double> Metric(string name, params string[] labels) =>
        Metrics.Sum(await Admin("/metrics"), name, labels);

    /// <summary>Asks it to end, and returns at once.</summary>
    public void Terminate() => _process.Terminate();

    /// <summary>Stops it where it is (SIGSTOP): the system still takes connections for it, and nobody answers.</summary>
    public void Freeze() => _process.Freeze();

    /// <summary>Ends it at once (SIGKILL): its connections are reset, those to come refused.</summary>
    public void Kill() => _process.Kill();

    public Task<int> Exit() => _process.Exit();

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _process.DisposeAsync();
    }

    private async Task<bool> IsReady()
    {
        if (_process.HasExited)
            Assert.Fail($"the proxy ended with exit code {await _process.Exit()} before it was ready:\n{Errors}");
        try
        {
            using var response = await _admin.GetAsync(new Uri("/ready", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // Not listening yet: that is what is waited for.
            return false;
        }
    }
}
