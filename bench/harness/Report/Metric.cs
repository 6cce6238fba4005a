namespace Weft.Bench.Harness.Report;

/// <summary>One row of a table.</summary>
/// <param name="Title">With its unit.</param>
/// <param name="Format">How a value is printed.</param>
internal sealed record Metric(string Title, string Format)
{
    public static readonly Metric CpuPerRequest = Cpu("CPU per request, us");
    public static readonly Metric Saturation = new("requests per second at saturation", "#,0");
    public static readonly Metric P50 = new("latency p50, us", "0");
    public static readonly Metric P99 = new("latency p99, us", "0");
    public static readonly Metric P999 = new("latency p99.9, us", "0");
    public static readonly Metric StartUp = new("ready after exec, ms", "0");
    public static readonly Metric ResidentAtStart = new("resident when idle after start, MB", "0.0");
    public static readonly Metric ResidentServing = new("resident while serving, MB", "0.0");
    public static readonly Metric AllocatedPerRequest = new("allocated per request, bytes", "0.0");
    public static readonly Metric ResidentPerIdle = new("resident per idle connection, KiB", "0.00");
    public static readonly Metric CpuPerCall = Cpu("CPU per unary call, us");
    public static readonly Metric Calls = new("unary calls per second", "#,0");
    public static readonly Metric CpuPerStreamed = Cpu("CPU per streamed message and its answer, us");
    public static readonly Metric Streamed = new("streamed messages and answers per second", "#,0");
    public static readonly Metric CpuPerGibibyte = Cpu("CPU per GiB, ms", "0");
    public static readonly Metric Throughput = new("GiB per second", "0.00");
    public static readonly Metric CpuPerMessage = Cpu("CPU per message and its answer, us");
    public static readonly Metric Messages = new("messages and answers per second", "#,0");
    public static readonly Metric CpuPerConnection = Cpu("CPU per connection, us", "0.0");
    public static readonly Metric Connections = new("connections per second", "#,0");

    /// <summary>In the order in which a table shows them.</summary>
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
        CpuPerCall,
        Calls,
        CpuPerStreamed,
        Streamed,
        CpuPerGibibyte,
        Throughput,
        CpuPerMessage,
        Messages,
        CpuPerConnection,
        Connections,
    ];

    /// <summary>Whether it is CPU time for a piece of work: what ratios are made of.</summary>
    public bool IsCost { get; private init; }

    private static Metric Cpu(string title, string format = "0.00") => new(title, format) { IsCost = true };
}
