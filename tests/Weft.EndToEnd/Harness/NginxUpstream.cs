using System.Net;
using System.Net.Sockets;

namespace Weft.EndToEnd.Harness;

/// <summary>
/// nginx with one constant response, <see cref="Body"/>, with <c>/files/</c> for the folder's files, and with <c>/client</c> for what it was told of
/// the client: by the PROXY protocol, and by x-forwarded-for.
/// </summary>
internal sealed class NginxUpstream : IAsyncDisposable
{
    public const string Body = "from nginx\n";

    private readonly ChildProcess _process;
    private readonly TempFolder _folder;

    private NginxUpstream(TempFolder folder, IPEndPoint address, ChildProcess process)
    {
        _folder = folder;
        Address = address;
        _process = process;
    }

    public IPEndPoint Address { get; }

    /// <param name="listenOptions">What follows the address, such as <c>proxy_protocol</c>.</param>
    public static async Task<NginxUpstream> Start(string listenOptions = "")
    {
        var program = Tool.Require("nginx");
        var folder = new TempFolder();
        var address = FreePort.NextOnLoopback();
        var configuration = folder.Write(
            "nginx.conf",
            $$"""
            daemon off;
            master_process off;
            pid {{folder.Path}}/nginx.pid;
            error_log stderr warn;
            events { worker_connections 1024; }
            http {
                access_log off;
                client_body_temp_path {{folder.Path}}/body;
                proxy_temp_path {{folder.Path}}/proxy;
                fastcgi_temp_path {{folder.Path}}/fastcgi;
                uwsgi_temp_path {{folder.Path}}/uwsgi;
                scgi_temp_path {{folder.Path}}/scgi;
                server {
                    listen {{address}} {{listenOptions}};
                    location / { return 200 "{{Body.TrimEnd()}}\n"; }
                    location = /client { return 200 "$proxy_protocol_addr $http_x_forwarded_for\n"; }
                    location /files/ { alias {{folder.Path}}/files/; }
                }
            }
            """
        );
        var process = ChildProcess.Start(program, "-p", folder.Path, "-e", "stderr", "-c", configuration);
        var upstream = new NginxUpstream(folder, address, process);
        await Eventually.Is(upstream.Accepts, "nginx listens");
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<bool> Accepts()
    {
        if (_process.HasExited)
            Assert.Fail($"nginx ended: {_process.Errors}");
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
