using Weft.Api.Documents;
using Weft.Api.Mesh;
using Weft.Api.Traffic;

namespace Weft.Control;

/// <summary>What the proxies of this process have reported in the last ten minutes, in memory. Safe from any thread.</summary>
internal sealed class TrafficBoard(TimeProvider time) : ITraffic
{
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromSeconds(60);

    public static readonly TimeSpan MinWindow = TimeSpan.FromSeconds(TrafficRing.SlotSeconds);

    public static readonly TimeSpan MaxWindow = TimeSpan.FromSeconds(NamespaceTraffic.KeptSeconds);

    private readonly long _start = time.GetTimestamp();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, NamespaceTraffic> _namespaces = new(StringComparer.Ordinal);

    // So that a report of this moment, of as much time as is kept, is of no time before 0.
    private double Now => time.GetElapsedTime(_start).TotalSeconds + NamespaceTraffic.KeptSeconds;

    /// <summary>A proxy's stream begins; its namespace has been checked.</summary>
    public TrafficStream Open(Hello hello)
    {
        NamespaceTraffic? traffic;
        lock (_gate)
        {
            if (!_namespaces.TryGetValue(hello.Namespace, out traffic))
            {
                _namespaces[hello.Namespace] = traffic = new NamespaceTraffic();
            }
        }

        return new TrafficStream(traffic, traffic.Open(Printable(hello.ProxyId), Now), () => Now);
    }

    /// <summary>The counts of a namespace.</summary>
    /// <param name="ns">Which.</param>
    /// <param name="window">From <see cref="MinWindow"/> to <see cref="MaxWindow"/>.</param>
    /// <param name="grouping">What rows are told apart by.</param>
    public TrafficInfo Read(string ns, TimeSpan window, TrafficGrouping grouping)
    {
        var (traffic, now) = (Find(ns), Now);
        return traffic.Read(
            now,
            (callers, proxies) =>
                new TrafficAnswer(window, grouping, now).Of(
                    ns,
                    callers,
                    proxies,
                    traffic.Covered(window, now),
                    time.GetUtcNow()
                )
        );
    }

    /// <inheritdoc/>
    public IReadOnlyList<SeenCalls> Calls(string ns, TimeSpan window)
    {
        var (traffic, now) = (Find(ns), Now);
        var (first, last) = NamespaceTraffic.SlotsOf(window, now);
        return traffic.Read(
            now,
            (callers, _) =>
                callers
                    .SelectMany(c => c.Series.Select(s => (Caller: c, Key: s.Key, Ring: s.Value)))
                    .Where(s => s.Key.Kind == SeriesKind.OutboundRequests)
                    .GroupBy(s => (s.Caller.Name, s.Key.Service, s.Key.Part))
                    .Select(group =>
                    {
                        var sum = new SeriesTotals();
                        foreach (var (_, _, ring) in group)
                        {
                            ring.AddTo(first, last, sum);
                        }

                        string[] dtabs = [.. group.SelectMany(s => s.Caller.Dtabs).Distinct().Order(Ordinal)];
                        var (caller, service, route) = group.Key;
                        return new SeenCalls(caller, dtabs, service, route, sum.Calls, sum.Failures);
                    })
                    .Where(c => c.Requests > 0)
                    .OrderBy(c => c.Caller, Ordinal)
                    .ThenBy(c => c.Service, Ordinal)
                    .ThenBy(c => c.Route, Ordinal)
                    .ToArray()
        );
    }

    /// <inheritdoc/>
    public TimeSpan? Covered(string ns, TimeSpan window)
    {
        var (traffic, now) = (Find(ns), Now);
        return traffic.Read(now, (_, _) => traffic.Covered(window, now)) is { } seconds
            ? TimeSpan.FromSeconds(seconds)
            : null;
    }

    /// <summary>It is shown on terminals, and kept for as long as the traffic is.</summary>
    private static string Printable(string id) =>
        string.Concat(id.Take(ReportLimits.MaxName).Select(c => char.IsControl(c) ? '\uFFFD' : c));

    private static StringComparer Ordinal => StringComparer.Ordinal;

    /// <summary>What is known of a namespace; nothing of one that no proxy has been of, which is not remembered either.</summary>
    private NamespaceTraffic Find(string ns)
    {
        lock (_gate)
        {
            return _namespaces.GetValueOrDefault(ns) ?? new NamespaceTraffic();
        }
    }
}
