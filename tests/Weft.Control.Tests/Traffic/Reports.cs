using Weft.Api.Mesh;
using Weft.Api.Traffic;

namespace Weft.Control.Tests.Traffic;

/// <summary>A proxy that counts, and reports to a board.</summary>
internal sealed class Reports(string[] services, params string[] dtabs)
{
    private readonly Dictionary<SeriesKey, SeriesTotals> _counted = [];
    private readonly ReportWriter _writer = new();

    public static Hello Hello(string id) => new() { ProxyId = id, Namespace = "default" };

    public Reports Count(
        string service,
        long successes,
        long failures = 0,
        string part = "default",
        SeriesKind kind = SeriesKind.OutboundRequests,
        int bucket = 8
    )
    {
        var key = new SeriesKey(kind, service, part);
        var totals = _counted.TryGetValue(key, out var known) ? known : _counted[key] = new SeriesTotals();
        totals.Successes += successes;
        totals.Failures += failures;
        totals.SumNanoseconds += 4_000_000 * (successes + failures);
        totals.Durations[bucket] += successes + failures;
        return this;
    }

    /// <summary>What has happened since the last one.</summary>
    public TrafficReport Next(double seconds = 5, bool isFirst = false)
    {
        if (isFirst)
        {
            _writer.Restart();
        }

        var role = new ProxyRole();
        role.Services.AddRange(services);
        role.Dtabs.AddRange(dtabs);
        return _writer.Write(_counted, role, TimeSpan.FromSeconds(seconds));
    }
}
