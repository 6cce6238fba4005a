using Weft.Bench.Harness.Machine;

namespace Weft.Bench.Harness.Proxies;

internal sealed class NginxProxy() : ProxyKind(Protocol.Http1)
{
    public override string Name => "nginx";

    public override string? Missing => MissingProgram("nginx");

    public override Command VersionCommand => new(Command.Find("nginx")!, ["-v"]);

    public override string Settings =>
        "one worker, proxy_http_version 1.1, keepalive to the upstream, Host, X-Forwarded-For, -Proto and Via set, access_log off";

    public override Command Configure(Placement placement)
    {
        var folder = placement.Folder;
        var file = placement.Write(
            "nginx.conf",
            $$"""
            daemon off;
            worker_processes 1;
            worker_rlimit_nofile {{placement.MaxConnections + 2000}};
            pid {{folder}}/nginx.pid;
            error_log stderr error;
            events { worker_connections {{placement.MaxConnections + 1000}}; }
            http {
                access_log off;
                client_body_temp_path {{folder}}/body;
                proxy_temp_path {{folder}}/proxy;
                fastcgi_temp_path {{folder}}/fastcgi;
                uwsgi_temp_path {{folder}}/uwsgi;
                scgi_temp_path {{folder}}/scgi;
                keepalive_timeout 600s;
                keepalive_requests 1000000000;
                upstream web {
                    server {{placement.Upstream}};
                    keepalive 128;
                    keepalive_requests 1000000000;
                }
                server {
                    listen {{placement.Listen}} backlog=4096;
                    location / {
                        proxy_pass http://web;
                        proxy_http_version 1.1;
                        proxy_set_header Connection "";
                        proxy_set_header Host $http_host;
                        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                        proxy_set_header X-Forwarded-Proto $scheme;
                        proxy_set_header Via "1.1 nginx";
                    }
                }
            }
            """
        );
        return new Command(Command.Find("nginx")!, ["-p", folder, "-e", "stderr", "-c", file]);
    }
}
