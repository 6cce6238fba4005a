using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Weft.Bench.Harness.Machine;
using Weft.EndToEnd.Harness;

namespace Weft.Bench.Harness.Load;

/// <summary>nginx with one constant response. It counts what it answered, so that the number of requests is not the generator's word.</summary>
internal sealed partial class Upstream : IDisposable
{
    private readonly Child _child;
    private readonly HttpClient _status;
    private long _asked;

    private Upstream(Child child, IPEndPoint address, IPEndPoint status)
    {
        _child = child;
        Address = address;
        _status = new HttpClient { BaseAddress = new Uri($"http://{status}") };
    }

    public IPEndPoint Address { get; }

    public static async Task<Upstream> Start(CancellationToken cancellation)
    {
        var folder = Scratch.NewFolder("upstream");
        var (address, status) = (FreePort.NextOnLoopback(), FreePort.NextOnLoopback());
        var file = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(file, Configuration(folder, address, status), cancellation);
        var command = new Command(
            Command.Find("nginx") ?? throw new MeasurementImpossibleException("nginx, the upstream, is not installed"),
            ["-p", folder, "-e", "stderr", "-c", file]
        );
        var upstream = new Upstream(Child.Start(command, Cores.Peers), address, status);
        while (!SmallRequest.Succeeds(address, "/"))
        {
            if (upstream._child.HasExited)
                throw new MeasurementImpossibleException($"the upstream ended: {upstream._child.Errors}");
            // It does not say when it is ready, and nothing is measured yet.
            await Task.Delay(5, cancellation);
        }
        return upstream;
    }

    /// <summary>Requests answered so far, those for this number left out.</summary>
    public async Task<long> Served(CancellationToken cancellation)
    {
        var text = await _status.GetStringAsync(new Uri("/", UriKind.Relative), cancellation);
        var total = long.Parse(Counters().Match(text).Groups["requests"].Value, CultureInfo.InvariantCulture);
        return total - Interlocked.Increment(ref _asked);
    }

    public void Dispose()
    {
        _status.Dispose();
        _child.Dispose();
    }

    private static string Configuration(string folder, IPEndPoint address, IPEndPoint status) =>
        $$"""
            daemon off;
            worker_processes 1;
            worker_rlimit_nofile 16384;
            pid {{folder}}/nginx.pid;
            error_log stderr error;
            events { worker_connections 8192; }
            http {
                access_log off;
                client_body_temp_path {{folder}}/body;
                proxy_temp_path {{folder}}/proxy;
                fastcgi_temp_path {{folder}}/fastcgi;
                uwsgi_temp_path {{folder}}/uwsgi;
                scgi_temp_path {{folder}}/scgi;
                keepalive_timeout 600s;
                keepalive_requests 1000000000;
                server {
                    listen {{address}} backlog=4096;
                    location / { default_type text/plain; return 200 "{{new string('x', 84)}}\n"; }
                }
                server {
                    listen {{status}};
                    location / { stub_status; }
                }
            }

            """;

    [GeneratedRegex(@"\n\s*\d+\s+\d+\s+(?<requests>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Counters();
}
