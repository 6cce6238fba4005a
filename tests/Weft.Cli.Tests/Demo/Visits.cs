using Weft.Cli.Demo;

namespace Weft.Cli.Tests.Demo;

/// <summary>Makes recorded visits: one every 5 ms, each taking 20 ms, unless told otherwise.</summary>
internal static class Visits
{
    public const string V1 = "authors-v1";
    public const string V2A = "authors-v2a";
    public const string V2B = "authors-v2b";

    public static readonly TimeSpan Latency = Ms(20);

    public static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    public static Sample Good(double startMs, string? direct = V2A, string? viaBooks = V2A) =>
        new(Ms(startMs), Ms(startMs) + Latency, Outcome.Success, direct, viaBooks);

    public static Sample Fault(double startMs) => Good(startMs, V1, V1) with { Outcome = Outcome.Fault };

    public static Sample Lost(double startMs, string why = "502 connect-failed") =>
        new(Ms(startMs), Ms(startMs) + Latency, Outcome.Lost, null, null, why);

    public static Sample[] Row(int count, Func<int, double, Sample> make, double fromMs = 0) =>
        [.. Enumerable.Range(0, count).Select(i => make(i, fromMs + (5 * i)))];
}
