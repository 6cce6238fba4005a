using System.Net;
using System.Text.Json;

namespace Weft.EndToEnd.Harness;

/// <summary>
/// A running <c>weft control</c>. It can be ended and started again at the same address, with what it kept or without.
/// </summary>
internal sealed class ControlProcess : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _http;
    private ChildProcess? _process;
    private int _stores;

    private ControlProcess() => _http = new HttpClient { BaseAddress = new Uri(Url), Timeout = Eventually.Deadline };

    public IPEndPoint Address { get; } = FreePort.NextOnLoopback();

    public string Url => $"http://{Address}";

    public string Errors => _process?.Errors ?? "";

    public static async Task<ControlProcess> Start()
    {
        var control = new ControlProcess();
        await control.Restart();
        return control;
    }

    /// <summary>Starts it again.</summary>
    /// <param name="isEmpty">With an empty store, as if what it kept was lost.</param>
    public async Task Restart(bool isEmpty = false)
    {
        await End();
        _stores += isEmpty ? 1 : 0;
        _process = ChildProcess.Start(
            WeftProgram.Path,
            "control",
            "--data",
            _folder.In($"data-{_stores}"),
            "--listen",
            Address.ToString()
        );
        await Eventually.Is(Answers, "the control plane answered");
    }

    /// <summary>Ends it at once (SIGKILL).</summary>
    public void Kill() => _process!.Signal(9);

    /// <summary>Applies documents by <c>weft apply</c>.</summary>
    public async Task Apply(string text)
    {
        var file = _folder.Write("apply.yaml", text);
        var (code, output, errors) = await WeftProgram.Run("apply", "-f", file, "--control", Address.ToString());
        Assert.True(code == 0, $"weft apply: {code}\n{output}\n{errors}");
    }

    /// <summary>Applies the dtab <c>default</c>.</summary>
    public Task Dtab(string dentries) => Apply($"kind: Dtab\nmetadata: {{name: default}}\nspec: |\n  {dentries}\n");

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
