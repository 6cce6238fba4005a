using Weft.Api.Mesh;

namespace Weft.Api.Traffic;

/// <summary>
/// Turns totals that only grow into the reports of one stream after the other: what moved since the last report, by numbers that were named
/// once per stream. Used by one thread at a time.
/// </summary>
public sealed class ReportWriter
{
    private readonly Dictionary<SeriesKey, Known> _known = [];
    private ProxyRole? _role;
    private int _numbers;

    /// <summary>Begins a stream whose peer knows no number and no role. What was said before is not said again.</summary>
    public void Restart()
    {
        _role = null;
        ForgetNumbers();
    }

    /// <summary>The next report.</summary>
    /// <param name="series">The totals of all that is counted now, each key once. What is missing has ended, and begins at 0 if it comes back.</param>
    /// <param name="role">What the proxy stands for.</param>
    /// <param name="covers">The time since the last report.</param>
    public TrafficReport Write(
        IReadOnlyCollection<KeyValuePair<SeriesKey, SeriesTotals>> series,
        ProxyRole role,
        TimeSpan covers
    )
    {
        ArgumentNullException.ThrowIfNull(series);
        var report = new TrafficReport
        {
            CoversMs = (uint)Math.Clamp(covers.TotalMilliseconds, 0, uint.MaxValue),
            Restarts = _numbers == 0,
        };
        if (!role.Equals(_role))
        {
            report.Role = _role = role;
        }

        Forget(series);
        var used = _known.Values.Count(k => k.Number >= 0);
        if (_numbers > used && _numbers + series.Count - used > ReportLimits.MaxSeries)
        {
            // Names came and went until nearly all numbers were given away.
            ForgetNumbers();
            report.Restarts = true;
        }

        foreach (var (key, totals) in series)
        {
            Add(report, key, totals);
        }

        return report;
    }

    private void Add(TrafficReport report, SeriesKey key, SeriesTotals totals)
    {
        if (!_known.TryGetValue(key, out var known))
        {
            _known[key] = known = new Known();
        }

        // One that finds no number is told of when there is one: its totals stay.
        if ((known.Number < 0 && _numbers == ReportLimits.MaxSeries) || known.Take(totals) is not { } delta)
        {
            return;
        }

        if (known.Number < 0)
        {
            known.Number = _numbers++;
            report.Named.Add(
                new SeriesName
                {
                    Kind = key.Kind,
                    Service = key.Service,
                    Part = key.Part,
                }
            );
        }

        delta.Number = (uint)known.Number;
        report.Moved.Add(delta);
    }

    private void ForgetNumbers()
    {
        _numbers = 0;
        foreach (var known in _known.Values)
        {
            known.Number = -1;
        }
    }

    private void Forget(IReadOnlyCollection<KeyValuePair<SeriesKey, SeriesTotals>> series)
    {
        if (_known.Count <= series.Count)
        {
            return;
        }

        var ended = new HashSet<SeriesKey>(_known.Keys);
        foreach (var (key, _) in series)
        {
            ended.Remove(key);
        }

        foreach (var key in ended)
        {
            _known.Remove(key);
        }
    }

    /// <summary>A series: its number, and what was last said of it.</summary>
    private sealed class Known
    {
        private readonly SeriesTotals _said = new();

        /// <summary>Below 0 while it has none.</summary>
        public int Number { get; set; } = -1;

        /// <summary>What the series has more than was said, which is said from here on; null when nothing moved.</summary>
        public SeriesDelta? Take(SeriesTotals totals)
        {
            var delta = new SeriesDelta
            {
                Successes = More(totals.Successes, _said.Successes, ReportLimits.MaxCount),
                Failures = More(totals.Failures, _said.Failures, ReportLimits.MaxCount),
                Retries = More(totals.Retries, _said.Retries, ReportLimits.MaxCount),
                SumNs = More(totals.SumNanoseconds, _said.SumNanoseconds, ReportLimits.MaxSum),
            };
            for (var bucket = 0; bucket < ReportLimits.Buckets; bucket++)
            {
                var more = More(totals.Durations[bucket], _said.Durations[bucket], ReportLimits.MaxCount);
                if (more > 0)
                {
                    delta.Durations.Add((ulong)bucket);
                    delta.Durations.Add(more);
                    _said.Durations[bucket] += (long)more;
                }
            }

            _said.Successes += (long)delta.Successes;
            _said.Failures += (long)delta.Failures;
            _said.Retries += (long)delta.Retries;
            _said.SumNanoseconds += (long)delta.SumNs;
            // What is written without its number is empty when nothing moved.
            return delta.CalculateSize() > 0 ? delta : null;
        }

        private static ulong More(long total, long said, long max) => (ulong)Math.Clamp(total - said, 0, max);
    }
}
