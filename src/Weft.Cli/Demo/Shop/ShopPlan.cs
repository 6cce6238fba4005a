using System.Net;

namespace Weft.Cli.Demo;

/// <summary>Who is in the shop, and where.</summary>
/// <param name="Machines">The instances of its services.</param>
/// <param name="Visitors">Where the visitors' own proxy takes requests.</param>
/// <param name="VisitorsAdmin">Where that proxy tells how it is doing.</param>
internal sealed record ShopPlan(IReadOnlyList<Machine> Machines, IPEndPoint Visitors, IPEndPoint VisitorsAdmin)
{
    /// <summary>The endpoint that will be killed.</summary>
    public const string Victim = $"{Judge.Version2}b";

    /// <summary>The service that the story is about.</summary>
    public const string Authors = "authors";

    public const string VisitorsProxy = "the visitors' proxy";

    /// <summary>Those that call authors.</summary>
    public IEnumerable<Machine> CallersOfAuthors => Machines.Where(machine => machine.Service.Calls.Contains(Authors));

    /// <summary>A plan on ports that are free.</summary>
    /// <param name="random">Where the search for ports begins.</param>
    public static ShopPlan Create(Random random)
    {
        var services = Services();
        var ports = new Queue<int>(FreePorts.Take((services.Length * 4) + 2, random));
        return new ShopPlan(
            [
                .. services.Select(service => new Machine
                {
                    Service = service.Options,
                    Concrete = service.Concrete,
                    Application = Next(),
                    Inbound = Next(),
                    Outbound = Next(),
                    Admin = Next(),
                }),
            ],
            Next(),
            Next()
        );

        IPEndPoint Next() => new(IPAddress.Loopback, ports.Dequeue());
    }

    private static (string Concrete, ShopServiceOptions Options)[] Services()
    {
        // Long enough that a request is usually under way somewhere when an endpoint dies.
        var work = TimeSpan.FromMilliseconds(12);
        return
        [
            ("web", new ShopServiceOptions { Name = "web", Calls = ["books", Authors] }),
            ("books", new ShopServiceOptions { Name = "books", Calls = [Authors] }),
            (
                Judge.Version1,
                new ShopServiceOptions
                {
                    Name = Judge.Version1,
                    FailRatio = Judge.FaultRatio,
                    Seed = 1,
                    Work = work,
                }
            ),
            (Judge.Version2, new ShopServiceOptions { Name = $"{Judge.Version2}a", Work = work }),
            (Judge.Version2, new ShopServiceOptions { Name = Victim, Work = work }),
        ];
    }
}
