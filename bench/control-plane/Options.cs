using Weft.Bench.Harness.Invocation;

namespace Weft.Bench.ControlPlane;

/// <summary>How large the mesh is, and how often each thing is measured.</summary>
internal sealed record Options
{
    public const string Help = """
        bench/control: fills a control plane with services, connects simulated proxies to it, and measures what changes cost.

          --proxies N         simulated proxies, all in one process (default 1000)
          --services N        services of the file namer, one file each (default 10000)
          --endpoints N       endpoints of all services together (default 100000)
          --names N           names that each proxy watches (default 50)
          --rounds N          how often each thing is measured (default 3)
          --rest N            seconds of quiet before memory is read, and of a round in which nothing changes (default 3)
          -o json             for machines

        Exit codes: 0 measured, and what is claimed holds; 1 a claim does not hold, or it could not be measured; 2 wrong usage.

        Example: bench/control --proxies 20 --services 100 --endpoints 1000 --rounds 1
        """;

    private const int LeastEndpoints = 4;

    public int Proxies { get; private set; } = 1_000;
    public int Services { get; private set; } = 10_000;
    public int Endpoints { get; private set; } = 100_000;
    public int Names { get; private set; } = 50;
    public int Rounds { get; private set; } = 3;
    public TimeSpan Rest { get; private set; } = TimeSpan.FromSeconds(3);
    public bool WantsJson { get; private set; }
    public string Weft { get; private set; } = "";
    public bool WantsHelp { get; private set; }

    /// <summary>How many proxies watch each of the services that are changed: 1, 10, 100 and so on, and all at last.</summary>
    public IReadOnlyList<int> Audiences =>
        [
            .. Enumerable.Range(0, 10).Select(power => (int)Math.Pow(10, power)).TakeWhile(size => size < Proxies),
            Proxies,
        ];

    /// <summary>Throws <see cref="FormatException"/> with a message for the user.</summary>
    public static Options Parse(string[] arguments)
    {
        var options = new Options();
        var rest = new Arguments(arguments);
        while (rest.TryNext(out var name))
        {
            switch (name)
            {
                case "--proxies":
                    options.Proxies = rest.Number(name, 1, 5_000);
                    break;
                case "--services":
                    options.Services = rest.Number(name, 10, 50_000);
                    break;
                case "--endpoints":
                    options.Endpoints = rest.Number(name, 1, 1_000_000);
                    break;
                case "--names":
                    options.Names = rest.Number(name, 1, 1_000);
                    break;
                case "--rounds":
                    options.Rounds = rest.Number(name, 1, 100);
                    break;
                case "--rest":
                    options.Rest = TimeSpan.FromSeconds(rest.Number(name, 1, 60));
                    break;
                case "-o":
                    options.WantsJson = rest.Value(name) is "json"
                        ? true
                        : throw new FormatException("-o: only json is known");
                    break;
                case "--weft":
                    options.Weft = rest.Value(name);
                    break;
                case "-h" or "--help":
                    options.WantsHelp = true;
                    break;
                default:
                    throw Arguments.Unknown(name);
            }
        }

        return options.WantsHelp ? options
            : options.Names > options.Services ? throw new FormatException("--names: there are not so many --services")
            : options.Names < options.Audiences.Count
                ? throw new FormatException(
                    $"--names: so many --proxies need {options.Audiences.Count} names at least, which are changed"
                )
            : options.Endpoints < options.Services * LeastEndpoints
                ? throw new FormatException($"--endpoints: each service needs {LeastEndpoints} at least")
            : options;
    }
}
