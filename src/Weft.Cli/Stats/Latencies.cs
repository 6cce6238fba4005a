using Weft.Telemetry;

namespace Weft.Cli.Stats;

/// <summary>Quantiles of durations, in seconds; NaN where nothing was measured.</summary>
internal readonly record struct Latencies(double P50, double P95, double P99)
{
    public static Latencies Of(HistogramSnapshot durations) =>
        new(durations.Quantile(0.5), durations.Quantile(0.95), durations.Quantile(0.99));
}
