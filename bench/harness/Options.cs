using Weft.Bench.Harness.Invocation;

namespace Weft.Bench.Harness;

/// <summary>What is measured, how long and with whom.</summary>
internal sealed record Options
{
    public static readonly string[] AllParts = ["cpu", "latency", "memory", "startup", "idle", "h2", "grpc", "tcp"];
    public static readonly string[] AllPeers = ["nginx", "haproxy", "caddy", "nghttpx", "relay"];

    public const string Help = """
        bench/run: compares weft with its peers on this machine and prints one table.

          --only PARTS        of cpu, latency, memory, startup, idle (these with HTTP/1.1), h2, grpc, tcp (default: all), separated by commas
          --peers NAMES       of nginx, haproxy, caddy, nghttpx, relay (default: all); weft takes part always, each peer where it can
          --rounds N          alternating rounds (default 3)
          --requests N        so many requests, calls or messages in a round and proxy, but with HTTP/1.1 (default 200000)
          --connections N     keep-alive connections with HTTP/1.1 and TCP (default 64)
          --mebibytes N       size of the large transfers over TCP in a round and proxy (default 4096)
          --idle N            idle connections to open (default 10000)
          --seconds N         seconds of latency in a round and proxy, in turns of one second (default 5); of CPU with HTTP/1.1 twice as many
          --warm-up N         seconds of full load for each proxy before anything is measured (default 15: code that counts what it does, so that it can be
                              compiled by that, is gone by then)
          --quick             one round of 20000 requests, 2 seconds, 2000 idle connections, 256 MiB: to try things out, not to quote
          -o FILE             write the table to FILE as well

        Example: bench/run --only cpu --peers nginx,haproxy --rounds 5
        """;

    public IReadOnlyList<string> Parts { get; private set; } = AllParts;
    public IReadOnlyList<string> Peers { get; private set; } = AllPeers;
    public int Rounds { get; private set; } = 3;
    public int Requests { get; private set; } = 200_000;
    public int Connections { get; private set; } = 64;
    public int Idle { get; private set; } = 10_000;
    public int Mebibytes { get; private set; } = 4096;
    public int Seconds { get; private set; } = 5;
    public int WarmUp { get; private set; } = 15;
    public string? Output { get; private set; }
    public string Weft { get; private set; } = "";
    public string Relay { get; private set; } = "";
    public bool WantsHelp { get; private set; }

    public bool Includes(string part) => Parts.Contains(part);

    /// <summary>Throws <see cref="FormatException"/> with a message for the user.</summary>
    public static Options Parse(string[] arguments)
    {
        var options = new Options();
        var rest = new Arguments(arguments);
        while (rest.TryNext(out var name))
        {
            switch (name)
            {
                case "--only":
                    options.Parts = rest.List(name, AllParts);
                    break;
                case "--peers":
                    options.Peers = rest.List(name, AllPeers);
                    break;
                case "--rounds":
                    options.Rounds = rest.Number(name, 1, 100);
                    break;
                case "--requests":
                    options.Requests = rest.Number(name, 1_000, 100_000_000);
                    break;
                case "--connections":
                    options.Connections = rest.Number(name, 1, 4_000);
                    break;
                case "--idle":
                    options.Idle = rest.Number(name, 100, 25_000);
                    break;
                case "--mebibytes":
                    options.Mebibytes = rest.Number(name, 4, 1_000_000);
                    break;
                case "--seconds":
                    options.Seconds = rest.Number(name, 1, 600);
                    break;
                case "--warm-up":
                    options.WarmUp = rest.Number(name, 1, 600);
                    break;
                case "--quick":
                    (options.Rounds, options.Requests) = (1, 20_000);
                    (options.Seconds, options.WarmUp) = (2, 2);
                    (options.Idle, options.Mebibytes) = (2_000, 256);
                    break;
                case "-o":
                    options.Output = rest.Value(name);
                    break;
                case "--weft":
                    options.Weft = rest.Value(name);
                    break;
                case "--relay":
                    options.Relay = rest.Value(name);
                    break;
                case "-h" or "--help":
                    options.WantsHelp = true;
                    break;
                default:
                    throw Arguments.Unknown(name);
            }
        }
        return options;
    }
}
