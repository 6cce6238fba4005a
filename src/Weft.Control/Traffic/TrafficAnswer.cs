using Weft.Api.Documents;
using Weft.Api.Mesh;
using Weft.Api.Traffic;
using Weft.Telemetry;

namespace Weft.Control;

/// <summary>Adds a namespace's traffic up into rows.</summary>
/// <param name="window">How far back.</param>
/// <param name="grouping">What rows are told apart by.</param>
/// <param name="now">Seconds of the board's clock.</param>
internal sealed class TrafficAnswer(TimeSpan window, TrafficGrouping grouping, double now)
{
    /// <summary>All rows, in order.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="callers">Its traffic.</param>
    /// <param name="proxies">Where that comes from.</param>
    /// <param name="covered">The seconds that the counts are of.</param>
    /// <param name="utcNow">The same moment as people tell it.</param>
    public TrafficInfo Of(
        string ns,
        IEnumerable<CallerTraffic> callers,
        IEnumerable<ReportingProxy> proxies,
        double? covered,
        DateTimeOffset utcNow
    )
    {
        var (first, last) = NamespaceTraffic.SlotsOf(window, now);
        var sums = new Dictionary<GroupKey, SeriesTotals>();
        foreach (var caller in callers)
        {
            foreach (var (key, ring) in caller.Series)
            {
                var group = GroupKey.Of(caller.Name, key, grouping);
                if (!sums.TryGetValue(group, out var sum))
                {
                    sums[group] = sum = new SeriesTotals();
                }

                ring.AddTo(first, last, sum);
            }
        }

        var rows = sums.Where(s => s.Value.Calls > 0)
            .OrderBy(s => s.Key.Caller, StringComparer.Ordinal)
            .ThenBy(s => s.Key.Service, StringComparer.Ordinal)
            .ThenBy(s => s.Key.Part, StringComparer.Ordinal)
            .ThenBy(s => s.Key.Kind)
            .ToArray();
        return new TrafficInfo
        {
            Namespace = ns,
            WindowSeconds = window.TotalSeconds,
            CoveredSeconds = covered is { } seconds ? Math.Round(seconds, 3) : null,
            Proxies =
            [
                .. proxies
                    .OrderBy(p => p.Id, StringComparer.Ordinal)
                    .ThenBy(p => p.OpenedAt)
                    .Select(p => InfoOf(p, utcNow)),
            ],
            Requests = [.. rows.Where(r => !r.Key.IsAttempts).Select(r => RowOf(r.Key, r.Value))],
            Attempts = [.. rows.Where(r => r.Key.IsAttempts).Select(r => RowOf(r.Key, r.Value))],
        };
    }

    private ReporterInfo InfoOf(ReportingProxy proxy, DateTimeOffset utcNow)
    {
        var age = now - proxy.ReportedAt;
        return new ReporterInfo
        {
            Id = proxy.Id,
            Caller = proxy.Caller?.Name,
            Connected = proxy.LeftAt is null,
            ReportedAt = age is { } ago ? utcNow - TimeSpan.FromSeconds(ago) : null,
            AgeSeconds = age is { } seconds ? Math.Round(seconds, 3) : null,
            Refused = proxy.Refused,
        };
    }

    private static TrafficRow RowOf(GroupKey key, SeriesTotals sum)
    {
        var durations = HistogramOf(sum);
        return new TrafficRow
        {
            Direction = key.IsInbound ? "inbound" : "outbound",
            Caller = key.Caller,
            Service = key.Service,
            Route = key.IsAttempts ? null : key.Part,
            Client = key.IsAttempts ? key.Part : null,
            Successes = sum.Successes,
            Failures = sum.Failures,
            Retries = key.IsAttempts ? sum.Retries : null,
            SumSeconds = sum.SumNanoseconds / 1e9,
            P50Ms = Milliseconds(durations.Quantile(0.5)),
            P95Ms = Milliseconds(durations.Quantile(0.95)),
            P99Ms = Milliseconds(durations.Quantile(0.99)),
        };
    }

    private static HistogramSnapshot HistogramOf(SeriesTotals sum)
    {
        var cumulative = new double[ReportLimits.Buckets];
        var count = 0L;
        for (var bucket = 0; bucket < cumulative.Length; bucket++)
        {
            cumulative[bucket] = count += sum.Durations[bucket];
        }

        return new HistogramSnapshot([.. HistogramBounds.Seconds], cumulative, sum.SumNanoseconds / 1e9);
    }

    private static double? Milliseconds(double seconds) => double.IsNaN(seconds) ? null : Math.Round(seconds * 1000, 6);

    /// <summary>What the calls of a row have in common; null for what they are not told apart by.</summary>
    private readonly record struct GroupKey(SeriesKind Kind, string? Caller, string? Service, string? Part)
    {
        public bool IsInbound => Kind is SeriesKind.InboundRequests or SeriesKind.InboundAttempts;

        public bool IsAttempts => AreAttempts(Kind);

        public static GroupKey Of(string caller, SeriesKey key, TrafficGrouping grouping)
        {
            var part = AreAttempts(key.Kind) ? TrafficGrouping.Client : TrafficGrouping.Route;
            return new GroupKey(
                key.Kind,
                grouping.HasFlag(TrafficGrouping.Caller) ? caller : null,
                grouping.HasFlag(TrafficGrouping.Service) ? key.Service : null,
                grouping.HasFlag(part) ? key.Part : null
            );
        }

        private static bool AreAttempts(SeriesKind kind) =>
            kind is SeriesKind.OutboundAttempts or SeriesKind.InboundAttempts;
    }
}
