using Weft.Api.Mesh;
using Weft.Api.Traffic;
using Weft.Telemetry;

namespace Weft.Proxy;

/// <summary>
/// What the proxy's metrics count, by service and route and by service and client: totals that only grow, also where a metric's own series ended
/// and began anew. Reads what loops have written, off the loops. Used by one thread at a time.
/// </summary>
internal sealed class TrafficMeter(ProxyMetrics metrics)
{
    // One series for each kind stays free, for what is too many.
    private const int MaxSeries = ReportLimits.MaxSeries - 4;

    private readonly Dictionary<SeriesKey, SeriesTotals> _totals = [];
    private readonly Dictionary<object, Source> _sources = new(ReferenceEqualityComparer.Instance);
    private int _pass;

    /// <summary>The totals now; valid until the next call. A series that no metric counts any more is gone.</summary>
    public IReadOnlyCollection<KeyValuePair<SeriesKey, SeriesTotals>> Read()
    {
        _pass++;
        metrics.Requests.ReadAll((labels, value) => Count(labels, isAttempt: false, labels[5], isRetry: false, value));
        metrics.Attempts.ReadAll(
            (labels, value) => Count(labels, isAttempt: true, labels[5], labels[6] == "retry", value)
        );
        metrics.RequestDuration.ReadAll((labels, counts, sum) => Measure(labels, isAttempt: false, counts, sum));
        metrics.AttemptDuration.ReadAll((labels, counts, sum) => Measure(labels, isAttempt: true, counts, sum));
        Forget();
        return _totals;
    }

    private void Count(IReadOnlyList<string> labels, bool isAttempt, string result, bool isRetry, long value)
    {
        var source = Find(labels, isAttempt, cells: 1);
        var more = source.Move(0, value);
        if (result == "failure")
        {
            source.Totals.Failures += more;
        }
        else
        {
            source.Totals.Successes += more;
        }

        source.Totals.Retries += isRetry ? more : 0;
    }

    private void Measure(IReadOnlyList<string> labels, bool isAttempt, ReadOnlySpan<long> counts, long sum)
    {
        var source = Find(labels, isAttempt, cells: ReportLimits.Buckets + 1);
        for (var i = 0; i < ReportLimits.Buckets; i++)
        {
            source.Totals.Durations[i] += source.Move(i, counts[i]);
        }

        source.Totals.SumNanoseconds += source.Move(ReportLimits.Buckets, sum);
    }

    private Source Find(IReadOnlyList<string> labels, bool isAttempt, int cells)
    {
        if (!_sources.TryGetValue(labels, out var source))
        {
            var (key, totals) = TotalsOf(KeyOf(labels, isAttempt));
            _sources[labels] = source = new Source(key, totals, cells);
        }

        source.Pass = _pass;
        return source;
    }

    private (SeriesKey Key, SeriesTotals Totals) TotalsOf(SeriesKey key)
    {
        if (_totals.Count >= MaxSeries && !_totals.ContainsKey(key))
        {
            key = new SeriesKey(key.Kind, ReportLimits.Other, ReportLimits.Other);
        }

        if (!_totals.TryGetValue(key, out var totals))
        {
            _totals[key] = totals = new SeriesTotals();
        }

        return (key, totals);
    }

    private static SeriesKey KeyOf(IReadOnlyList<string> labels, bool isAttempt)
    {
        var isInbound = labels[0] == ProxyMetrics.Text(Direction.Inbound);
        var kind = (isInbound, isAttempt) switch
        {
            (false, false) => SeriesKind.OutboundRequests,
            (true, false) => SeriesKind.InboundRequests,
            (false, true) => SeriesKind.OutboundAttempts,
            _ => SeriesKind.InboundAttempts,
        };
        return new SeriesKey(kind, NameOf(labels[1]), NameOf(labels[2]));
    }

    /// <summary>A metric's label may hold line feeds, a name in a report no control character.</summary>
    private static string NameOf(string label) =>
        label.Any(char.IsControl) ? string.Concat(label.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : label;

    private void Forget()
    {
        var hasEnded = false;
        foreach (var (labels, source) in _sources)
        {
            if (source.Pass != _pass)
            {
                hasEnded |= _sources.Remove(labels);
            }
        }

        if (hasEnded)
        {
            var counted = _sources.Values.Select(s => s.Key).ToHashSet();
            foreach (var key in _totals.Keys.Where(k => !counted.Contains(k)).ToArray())
            {
                _totals.Remove(key);
            }
        }
    }

    /// <summary>One series of a metric, and what it was when it was read last.</summary>
    private sealed class Source(SeriesKey key, SeriesTotals totals, int cells)
    {
        private readonly long[] _last = new long[cells];

        public SeriesKey Key => key;

        public SeriesTotals Totals => totals;

        public int Pass { get; set; }

        /// <summary>How much a cell has grown. One that has shrunk was freed between two looks at it.</summary>
        public long Move(int cell, long value)
        {
            var more = Math.Max(0, value - _last[cell]);
            _last[cell] = value;
            return more;
        }
    }
}
