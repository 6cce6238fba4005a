using Weft.Bench.Harness.Machine;

namespace Weft.Bench.Harness.Proxies;

internal sealed class HaproxyProxy(Protocol protocol) : ProxyKind(protocol)
{
    public override string Name => "haproxy";

    public override string? Missing => MissingProgram("haproxy");

    public override Command VersionCommand => new(Command.Find("haproxy")!, ["-v"]);

    public override string Settings =>
        Protocol switch
        {
            Protocol.Tcp => "one thread, mode tcp, no log",
            Protocol.Http2 =>
                "one thread, proto h2 on both sides, http-reuse always, forwardfor, X-Forwarded-Proto and Via set, no log",
            _ => "one thread, http-keep-alive, http-reuse always, forwardfor, X-Forwarded-Proto and Via set, no log",
        };

    public override Command Configure(Placement placement)
    {
        var file = placement.Write("haproxy.cfg", Protocol == Protocol.Tcp ? Bytes(placement) : Http(placement));
        // -db: in the foreground, as one process.
        return new Command(Command.Find("haproxy")!, ["-db", "-f", file]);
    }

    private string Http(Placement placement)
    {
        var (proto, version) = Protocol == Protocol.Http2 ? (" proto h2", "2") : ("", "1.1");
        return $"""
            global
                nbthread 1
                maxconn {placement.MaxConnections + 500}

            defaults
                mode http
                option http-keep-alive
                option forwardfor
                http-reuse always
                timeout connect 5s
                timeout client 600s
                timeout server 600s
                timeout http-keep-alive 600s

            frontend outbound
                bind {placement.Listen} backlog 4096{proto}
                http-request set-header X-Forwarded-Proto http
                http-request set-header Via "{version} haproxy"
                default_backend web

            backend web
                server web {placement.Upstream} pool-max-conn 128{proto}

            """;
    }

    private static string Bytes(Placement placement) =>
        $"""
            global
                nbthread 1
                maxconn {placement.MaxConnections + 500}

            defaults
                mode tcp
                timeout connect 5s
                timeout client 600s
                timeout server 600s

            frontend outbound
                bind {placement.Listen} backlog 4096
                default_backend web

            backend web
                server web {placement.Upstream}

            """;
}
