using Weft.Net;
using Weft.Resilience;

namespace Weft.Proxy;

/// <summary>One endpoint of one concrete name, all loops taken together.</summary>
/// <param name="Direction">Whose traffic it serves.</param>
/// <param name="Client">The concrete name.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Weight">Its share relative to its siblings.</param>
/// <param name="InFlight">Requests that it is working on.</param>
/// <param name="Open">Connections to it.</param>
/// <param name="Idle">Of these, those that wait in a pool.</param>
/// <param name="Waiting">Requests that wait for a connection to it.</param>
/// <param name="State"><c>ready</c> when it is for one loop at least, <c>ejected</c> when it gets nothing, <c>probing</c> when the next request tries it.</param>
/// <param name="Why">Why it is not ready; null when it is.</param>
internal sealed record EndpointReport(
    Direction Direction,
    string Client,
    string Address,
    double Weight,
    int InFlight,
    int Open,
    int Idle,
    int Waiting,
    string State,
    string? Why
);

/// <summary>What all loops say of names and endpoints, added up.</summary>
/// <param name="Endpoints">In the order of names and addresses.</param>
/// <param name="Names">Logical names that are remembered, by direction.</param>
/// <param name="Uses">Which services lead to which concrete names.</param>
/// <param name="Buffers">Buffers that the loops have lent to connections.</param>
internal sealed record Survey(
    IReadOnlyList<EndpointReport> Endpoints,
    IReadOnlyDictionary<Direction, int> Names,
    IReadOnlySet<(Direction Direction, string Service, string Client)> Uses,
    int Buffers
)
{
    public static readonly Survey Empty = new(
        [],
        new Dictionary<Direction, int>(),
        new HashSet<(Direction, string, string)>(),
        0
    );

    /// <summary>Asks every loop; continues on <paramref name="home"/>.</summary>
    public static async ValueTask<Survey> TakeAsync(EventLoop home, IEnumerable<LoopState> loops)
    {
        var endpoints = new List<EndpointReport>();
        var names = new Dictionary<Direction, int>();
        var uses = new HashSet<(Direction, string, string)>();
        var buffers = new Dictionary<EventLoop, int>(); // Both directions share their loops.
        foreach (var loop in loops)
        {
            var (reports, count, pairs, lent) = await home.AskAsync(loop.Loop, () => Look(loop));
            buffers[loop.Loop] = lent;
            endpoints.AddRange(reports);
            uses.UnionWith(pairs);
            names[loop.Direction] = names.GetValueOrDefault(loop.Direction) + count;
        }

        return new Survey(
            [.. endpoints.GroupBy(e => (e.Direction, e.Client, e.Address)).Select(Merge)],
            names,
            uses,
            buffers.Values.Sum()
        );
    }

    private static (List<EndpointReport> Reports, int Names, List<(Direction, string, string)> Uses, int Buffers) Look(
        LoopState loop
    )
    {
        var reports = new List<EndpointReport>();
        var now = loop.Loop.NowMilliseconds;
        // What a name with older settings knew says nothing of what requests meet now.
        foreach (var name in loop.Concretes.All.Where(n => n.IsKept(now) || n.IsBusy))
        {
            foreach (var endpoint in name.Endpoints)
            {
                reports.Add(
                    new EndpointReport(
                        loop.Direction,
                        name.Label,
                        endpoint.AddressText,
                        endpoint.Load.Weight,
                        endpoint.Load.InFlight,
                        endpoint.Open,
                        endpoint.IdleCount,
                        endpoint.Waiting,
                        StateOf(loop, endpoint),
                        endpoint.DownBecause
                    )
                );
            }
        }

        var uses = new List<(Direction, string, string)>();
        foreach (var name in loop.Listeners.SelectMany(l => l.Known))
        {
            uses.AddRange(name.AllLeaves().Select(leaf => (loop.Direction, name.Label, leaf.Id.ToString())));
        }

        return (reports, loop.Listeners.Sum(l => l.Names), uses, loop.Loop.Buffers.Lent);
    }

    private static string StateOf(LoopState loop, UpstreamEndpoint endpoint) =>
        endpoint.Load.StateAt(loop.Loop.NowNanoseconds) switch
        {
            EndpointState.Ready => "ready",
            EndpointState.Ejected => "ejected",
            EndpointState.Probing => "probing",
            _ => "draining",
        };

    private static EndpointReport Merge(
        IGrouping<(Direction Direction, string Client, string Address), EndpointReport> same
    )
    {
        var ready = same.FirstOrDefault(e => e.Why is null);
        var first = ready ?? same.First();
        return first with
        {
            InFlight = same.Sum(e => e.InFlight),
            Open = same.Sum(e => e.Open),
            Idle = same.Sum(e => e.Idle),
            Waiting = same.Sum(e => e.Waiting),
        };
    }
}
