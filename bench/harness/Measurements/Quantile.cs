namespace Weft.Bench.Harness.Measurements;

internal static class Quantile
{
    /// <summary>In microseconds.</summary>
    public static double Of(TimeSpan[] sorted, double q) =>
        sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(q * sorted.Length) - 1)].TotalMicroseconds;
}
