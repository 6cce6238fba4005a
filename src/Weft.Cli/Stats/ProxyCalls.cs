using Weft.Telemetry;

namespace Weft.Cli.Stats;

/// <summary>The calls that left one proxy, by service and route.</summary>
internal sealed class ProxyCalls
{
    private readonly Dictionary<(string Service, string Route), Counts> _calls = [];

    /// <summary>As a page has them.</summary>
    public ProxyCalls(IEnumerable<MetricSample> samples)
    {
        var durations = new Dictionary<(string, string), List<MetricSample>>();
        foreach (var sample in samples)
        {
            if (sample["direction"] != "outbound" || sample["service"] is not { } service)
            {
                continue;
            }

            var key = (service, sample["route"] ?? "");
            if (sample.Name == "weft_requests_total")
            {
                var before = _calls.GetValueOrDefault(key) ?? Counts.None;
                var good = sample["result"] == "success" ? sample.Value : 0;
                _calls[key] = before with { All = before.All + sample.Value, Good = before.Good + good };
            }
            else if (sample.Name is "weft_request_duration_seconds_bucket" or "weft_request_duration_seconds_sum")
            {
                if (!durations.TryGetValue(key, out var list))
                {
                    durations[key] = list = [];
                }

                list.Add(sample);
            }
        }

        foreach (var (key, list) in durations)
        {
            _calls[key] = (_calls.GetValueOrDefault(key) ?? Counts.None) with
            {
                Durations = HistogramSnapshot.FromSamples(list),
            };
        }
    }

    /// <summary>What happened since an earlier page; all of it where counters began anew in between.</summary>
    public IEnumerable<(string Service, string Route, Counts Counts)> Since(ProxyCalls? earlier)
    {
        foreach (var (key, now) in _calls.Where(c => c.Value.All > 0))
        {
            var then = earlier?._calls.GetValueOrDefault(key);
            yield return (key.Service, key.Route, then is null ? now : now.Since(then));
        }
    }

    /// <summary>How many calls there were, and how long they took.</summary>
    internal sealed record Counts(double All, double Good, HistogramSnapshot Durations)
    {
        public static readonly Counts None = new(0, 0, HistogramSnapshot.Empty);

        public Counts Plus(Counts other) => new(All + other.All, Good + other.Good, Durations.Plus(other.Durations));

        public Counts Since(Counts earlier) =>
            earlier.All > All || earlier.Good > Good
                ? this
                : new Counts(All - earlier.All, Good - earlier.Good, Durations.Since(earlier.Durations));
    }
}
