namespace Weft.Telemetry;

/// <summary>What a metric family's values mean.</summary>
public enum MetricKind
{
    /// <summary>Only ever grows.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Durations, counted in the buckets of <see cref="HistogramBounds"/>.</summary>
    Histogram,
}
