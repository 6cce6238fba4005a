using System.Net;
using System.Net.Sockets;

namespace Weft.EndToEnd.Harness;

/// <summary>A server that is not ours, as a process that listens on a port of loopback.</summary>
internal sealed class ToolServer : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private ToolServer(IPEndPoint address, ChildProcess process)
    {
        Address = address;
        _process = process;
    }

    public IPEndPoint Address { get; }

    /// <summary>Redis that keeps nothing on disk.</summary>
    public static Task<ToolServer> Redis() =>
        Start(
            "redis-server",
            a => ["--bind", $"{a.Address}", "--port", $"{a.Port}", "--save", "", "--appendonly", "no"]
        );

    /// <summary>
    /// A server of HTTP/2 alone, with prior knowledge: it serves the folder's files, returns what is posted to it, and ends each response that has a body with
    /// this trailer.
    /// </summary>
    public static Task<ToolServer> Nghttpd(TempFolder folder, string trailer) =>
        Start(
            "nghttpd",
            a =>
                [
                    "--no-tls",
                    "--echo-upload",
                    "--no-content-length", // In HTTP/1.1 only a body without a length can have trailers.
                    "--trailer",
                    trailer,
                    "--htdocs",
                    folder.Path,
                    "--address",
                    $"{a.Address}",
                    $"{a.Port}",
                ]
        );

    /// <summary>A program of <see cref="NodeProgram"/> that is told its port first.</summary>
    public static async Task<ToolServer> Node(string script, params string[] arguments)
    {
        var path = await NodeProgram.Require(script);
        return await Start(NodeProgram.Node, a => [path, $"{a.Port}", .. arguments]);
    }

    /// <summary>A TLS server for a host, with a certificate of its own, which answers requests with a page about the connection.</summary>
    public static async Task<(ToolServer Server, string Certificate)> Tls(TempFolder folder, string host)
    {
        var (certificate, key) = (folder.In($"{host}.pem"), folder.In($"{host}.key"));
        string[] kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
        string[] name = ["-subj", $"/CN={host}", "-addext", $"subjectAltName=DNS:{host}"];
        _ = await Tool.Run("openssl", ["req", "-x509", .. kind, .. name, "-keyout", key, "-out", certificate]);
        var server = await Start(
            "openssl",
            a => ["s_server", "-accept", $"{a}", "-cert", certificate, "-key", key, "-www", "-quiet"]
        );
        return (server, certificate);
    }

    /// <summary>Ends it at once, and waits until it is gone.</summary>
    public async Task Kill()
    {
        _process.Signal(9);
        await _process.Exit();
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static async Task<ToolServer> Start(string program, Func<IPEndPoint, IEnumerable<string>> arguments)
    {
        var address = FreePort.NextOnLoopback();
        var server = new ToolServer(address, ChildProcess.Start(Tool.Require(program), arguments(address)));
        await Eventually.Is(server.Accepts, $"{program} listens");
        return server;
    }

    private async Task<bool> Accepts()
    {
        if (_process.HasExited)
            Assert.Fail($"it ended: {_process.Errors} {_process.Output}");
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(Address);
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionRefused)
        {
            return false;
        }
    }
}
