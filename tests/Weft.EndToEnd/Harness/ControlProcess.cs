using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace Weft.EndToEnd.Harness;

/// <summary>
/// A running <c>weft control</c>. It can be ended and started again at the same address, with what it kept or without. Where others than this machine's
/// programs reach it, in a network namespace, it speaks TLS and asks for a token.
/// </summary>
internal sealed class ControlProcess : IAsyncDisposable
{
    private const string Token = "0123456789abcdef0123";

    private readonly TempFolder _folder = new();
    private readonly NetworkNamespace? _network;
    private readonly string? _store;
    private readonly string _data;
    private readonly string? _cert;
    private readonly string? _key;
    private readonly HttpClient _http;
    private ChildProcess? _process;
    private int _stores;

    private ControlProcess(NetworkNamespace? network, string? store, string? data)
    {
        (_network, _store, _data) = (network, store, data ?? _folder.Path);
        Address = new IPEndPoint(network?.Address ?? IPAddress.Loopback, FreePort.Next());
        var handler = new SocketsHttpHandler { UseProxy = false };
        if (network is not null)
        {
            (_cert, _key) = TestCertificate.Write(_folder.Path, network.Address);
            _folder.Write("tokens", $"tests {Token}\n");
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust };
            trust.RevocationMode = X509RevocationMode.NoCheck;
            trust.CustomTrustStore.ImportFromPemFile(_cert);
            handler.SslOptions.CertificateChainPolicy = trust;
        }

        _http = new HttpClient(handler) { BaseAddress = new Uri(Url), Timeout = Eventually.Deadline };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public IPEndPoint Address { get; }

    public string Url => $"{(_cert is null ? "http" : "https")}://{Address}";

    public string Errors => _process?.Errors ?? "";

    /// <summary>What the file of a proxy that follows it says under <c>control</c>.</summary>
    public string ForProxies =>
        _cert is null ? Url : $"{{address: \"{Url}\", tokenFile: {_folder.In("tokens")}, caFile: {_cert}}}";

    private string[] ForClients =>
        _cert is null
            ? ["--control", Url]
            : ["--control", Url, "--token-file", _folder.In("tokens"), "--ca-file", _cert];

    /// <param name="network">Where it runs; null: on loopback.</param>
    /// <param name="store">An etcd, as <c>--store</c> has it; null: it keeps documents itself.</param>
    /// <param name="data">Where it keeps them; null: in a folder of its own.</param>
    public static async Task<ControlProcess> Start(
        NetworkNamespace? network = null,
        string? store = null,
        string? data = null
    )
    {
        var control = new ControlProcess(network, store, data);
        await control.Restart();
        return control;
    }

    /// <summary>Starts it again.</summary>
    /// <param name="isEmpty">With an empty store, as if what it kept was lost.</param>
    public async Task Restart(bool isEmpty = false)
    {
        await End();
        _stores += isEmpty ? 1 : 0;
        string[] arguments =
        [
            "control",
            .. _store is null ? new[] { "--data", Path.Combine(_data, $"data-{_stores}") } : ["--store", _store],
            "--listen",
            Address.ToString(),
            .. _cert is null
                ? Array.Empty<string>()
                : ["--tls-cert", _cert, "--tls-key", _key!, "--token-file", _folder.In("tokens")],
        ];
        _process = _network?.Start(WeftProgram.Path, arguments) ?? ChildProcess.Start(WeftProgram.Path, arguments);
        await Eventually.Is(Answers, "the control plane answered");
    }

    /// <summary>Ends it at once (SIGKILL).</summary>
    public void Kill() => _process!.Kill();

    /// <summary>Stops it where it is: connections are taken, and nobody answers.</summary>
    public void Freeze() => _process!.Freeze();

    public void Thaw() => _process!.Thaw();

    /// <summary>Applies documents by <c>weft apply</c>.</summary>
    public async Task Apply(string text)
    {
        var (code, answer) = await TryApply(text);
        Assert.True(code == 0, $"weft apply: {code}\n{answer}");
    }

    /// <summary>The same, whatever comes of it: the exit code, and what it said.</summary>
    public async Task<(int ExitCode, string Answer)> TryApply(string text)
    {
        var file = _folder.Write("apply.yaml", text);
        var (code, output, errors) = await WeftProgram.Run(["apply", "-f", file, .. ForClients]);
        return (code, $"{output}\n{errors}");
    }

    /// <summary>Applies the dtab <c>default</c>.</summary>
    public Task Dtab(string dentries) => Apply(DtabDocument(dentries));

    /// <summary>The dtab <c>default</c>, as a document.</summary>
    public static string DtabDocument(string dentries) =>
        $"kind: Dtab\nmetadata: {{name: default}}\nspec: |\n  {dentries}\n";

    /// <summary>Applies the file namer of a mesh.</summary>
    public async Task Namer(TempMesh mesh) =>
        await Apply(await File.ReadAllTextAsync(Path.Combine(mesh.ResourcesFolder, "namer.yaml")));

    /// <summary>How many proxies are connected.</summary>
    public async Task<int> Proxies()
    {
        using var list = JsonDocument.Parse(await _http.GetStringAsync(new Uri("/api/v1/proxies", UriKind.Relative)));
        return list.RootElement.GetProperty("proxies").GetArrayLength();
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        _http.Dispose();
        _folder.Dispose();
    }

    private async Task End()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private async Task<bool> Answers()
    {
        if (_process!.HasExited)
            Assert.Fail($"the control plane ended with exit code {await _process.Exit()}:\n{Errors}");
        try
        {
            await Proxies();
            return true;
        }
        catch (HttpRequestException)
        {
            // Not listening yet: that is what is waited for.
            return false;
        }
    }
}
