namespace Weft.Bench.Harness.Report;

/// <summary>One row of the table.</summary>
/// <param name="Title">With its unit.</param>
/// <param name="Format">How a value is printed.</param>
internal sealed record Metric(string Title, string Format)
{
    public static readonly Metric CpuPerRequest = new("CPU per request, us", "0.00");
    public static readonly Metric Saturation = new("requests per second at saturation", "#,0");
    public static readonly Metric P50 = new("latency p50, us", "0");
    public static readonly Metric P99 = new("latency p99, us", "0");
    public static readonly Metric P999 = new("latency p99.9, us", "0");
    public static readonly Metric StartUp = new("ready after exec, ms", "0");
    public static readonly Metric ResidentAtStart = new("resident when idle after start, MB", "0.0");
    public static readonly Metric ResidentServing = new("resident after serving, MB", "0.0");
    public static readonly Metric AllocatedPerRequest = new("allocated per request, bytes", "0.0");
    public static readonly Metric ResidentPerIdle = new("resident per idle connection, KiB", "0.00");

    /// <summary>In the order in which the table shows them.</summary>
    public static readonly Metric[] All =
    [
        CpuPerRequest,
        Saturation,
        P50,
        P99,
        P999,
        StartUp,
        ResidentAtStart,
        ResidentServing,
        AllocatedPerRequest,
        ResidentPerIdle,
    ];
}
