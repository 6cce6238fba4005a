using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Weft.Bench.Overload;

/// <summary>A <c>weft proxy</c> before one service, in a folder of its own.</summary>
internal sealed class ProxyUnderLoad : IDisposable
{
    private const int MaxTries = 500;

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-overload-").FullName;
    private readonly Process _process;

    private ProxyUnderLoad(string weft, IPEndPoint service, string document)
    {
        Address = new IPEndPoint(IPAddress.Loopback, FreePort());
        var mesh = $"""
            kind: Dtab
            metadata: {"{name: default}"}
            spec: |
              /svc/{OverloadRun.Service} => /$/inet/{service.Address}/{service.Port} ;
            ---
            {document}
            """;
        var proxy = $"""
            admin: 127.0.0.1:{FreePort()}
            workers: 1
            resources: mesh.yaml
            listeners:
              - name: outbound
                kind: outbound
                address: {Address}

            """;
        File.WriteAllText(Path.Combine(_folder, "mesh.yaml"), mesh);
        var file = Path.Combine(_folder, "proxy.yaml");
        File.WriteAllText(file, proxy);
        _process = Process.Start(new ProcessStartInfo(weft, ["proxy", "-c", file]) { UseShellExecute = false })!;
    }

    public IPEndPoint Address { get; }

    /// <summary>Starts one, and returns when it listens.</summary>
    public static async Task<ProxyUnderLoad> StartAsync(string weft, IPEndPoint service, string document)
    {
        var proxy = new ProxyUnderLoad(weft, service, document);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var tries = 0; !await proxy.ListensAsync(); tries++)
        {
            if (tries == MaxTries || proxy._process.HasExited)
            {
                proxy.Dispose();
                throw new InvalidOperationException("the proxy does not listen; what it said stands above");
            }

            _ = await ticks.WaitForNextTickAsync();
        }

        return proxy;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> ListensAsync()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(Address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
