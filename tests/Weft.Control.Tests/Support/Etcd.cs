using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Weft.Control.Tests.Support;

/// <summary>A real etcd of one member, on free ports of this machine, with a folder of its own.</summary>
public sealed class Etcd : IAsyncDisposable
{
    private static readonly string? Program = Array.Find(
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Select(p => System.IO.Path.Combine(p, "etcd"))
            .ToArray(),
        File.Exists
    );

    private readonly TempFolder _folder = new();
    private readonly int _port = FreePort();
    private readonly int _peerPort = FreePort();
    private Process? _process;

    public static bool IsInstalled => Program is not null;

    public string Address => $"etcd://127.0.0.1:{_port}";

    public static async Task<Etcd> StartAsync()
    {
        var etcd = new Etcd();
        await etcd.RunAsync();
        return etcd;
    }

    /// <summary>Starts it, again if it was killed, with what it had.</summary>
    public async Task RunAsync()
    {
        var start = new ProcessStartInfo(Program!)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (
            var argument in (string[])
                [
                    "--data-dir",
                    _folder["data"],
                    "--listen-client-urls",
                    $"http://127.0.0.1:{_port}",
                    "--advertise-client-urls",
                    $"http://127.0.0.1:{_port}",
                    "--listen-peer-urls",
                    $"http://127.0.0.1:{_peerPort}",
                    "--initial-advertise-peer-urls",
                    $"http://127.0.0.1:{_peerPort}",
                    "--initial-cluster",
                    $"default=http://127.0.0.1:{_peerPort}",
                ]
        )
        {
            start.ArgumentList.Add(argument);
        }

        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("ready to serve client requests", StringComparison.Ordinal) == true)
            {
                ready.TrySetResult();
            }
        };
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        await ready.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
    }

    /// <summary>Has it forget what it had, after it was killed.</summary>
    public void Lose() => Directory.Delete(_folder["data"], recursive: true);

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await KillAsync();
        }

        _folder.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
