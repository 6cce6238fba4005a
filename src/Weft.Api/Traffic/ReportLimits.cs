namespace Weft.Api.Traffic;

/// <summary>What a proxy keeps to in its reports, and a control plane insists on.</summary>
public static class ReportLimits
{
    /// <summary>Series that have a number at one time.</summary>
    public const int MaxSeries = 4000;

    /// <summary>Characters of a service, a route, a client or a Dtab: the label values of metrics are no longer.</summary>
    public const int MaxName = 256;

    /// <summary>Services or Dtabs of one proxy.</summary>
    public const int MaxRoles = 256;

    /// <summary>Buckets of a histogram, the one above all bounds included (docs/metrics.md).</summary>
    public const int Buckets = 25;

    /// <summary>Of any count in one report, and of the milliseconds that it covers: no sum of many overflows.</summary>
    public const long MaxCount = 1L << 40;

    /// <summary>Of all durations in one report, in nanoseconds: 36 years of them.</summary>
    public const long MaxSum = 1L << 60;

    /// <summary>What the name of a series becomes that is one too many.</summary>
    public const string Other = "other";
}
