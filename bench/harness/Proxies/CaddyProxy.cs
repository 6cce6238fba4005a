using Weft.Bench.Harness.Machine;

namespace Weft.Bench.Harness.Proxies;

internal sealed class CaddyProxy() : ProxyKind(Protocol.Http1)
{
    public override string Name => "caddy";

    public override string? Missing => MissingProgram("caddy");

    public override Command VersionCommand => new(Command.Find("caddy")!, ["version"]);

    public override string Settings =>
        "GOMAXPROCS=1, 128 idle connections to the upstream, no log (its own X-Forwarded-*)";

    public override Command Configure(Placement placement)
    {
        var file = placement.Write(
            "Caddyfile",
            $$"""
            {
                admin off
                auto_https off
                log {
                    level ERROR
                }
            }
            http://:{{placement.Listen.Port}} {
                bind {{placement.Listen.Address}}
                reverse_proxy {{placement.Upstream}} {
                    transport http {
                        keepalive 10m
                        keepalive_idle_conns 256
                        keepalive_idle_conns_per_host 128
                    }
                }
            }

            """
        );
        return new Command(Command.Find("caddy")!, ["run", "--adapter", "caddyfile", "--config", file])
        {
            Environment = new Dictionary<string, string>
            {
                ["GOMAXPROCS"] = "1",
                ["HOME"] = placement.Folder,
                ["XDG_DATA_HOME"] = placement.Folder,
                ["XDG_CONFIG_HOME"] = placement.Folder,
            },
        };
    }
}
