using Weft.Cli.Output;

namespace Weft.Cli.Stats;

/// <summary>How well calls did, as cells of a table.</summary>
internal static class CallCells
{
    public static readonly Column[] Columns =
    [
        new("SUCCESS", IsNumeric: true),
        new("RPS", IsNumeric: true),
        new("P50", IsNumeric: true),
        new("P95", IsNumeric: true),
        new("P99", IsNumeric: true),
    ];

    public static Cell[] Of(CallStats calls) =>
        [
            new(Numbers.Percent(calls.SuccessRate), Of(calls.SuccessRate)),
            Numbers.Rate(calls.PerSecond),
            Numbers.Latency(calls.Latencies.P50),
            Numbers.Latency(calls.Latencies.P95),
            Numbers.Latency(calls.Latencies.P99),
        ];

    private static Tone Of(double? successRate) =>
        successRate switch
        {
            null => Tone.Faint,
            >= 0.999 => Tone.Good,
            >= 0.95 => Tone.Warning,
            _ => Tone.Bad,
        };
}
