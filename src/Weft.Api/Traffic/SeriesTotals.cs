namespace Weft.Api.Traffic;

/// <summary>The counts of one series, or of what became of it in between. Mutable; belongs to whoever adds it up.</summary>
public sealed class SeriesTotals
{
    private readonly long[] _durations = new long[ReportLimits.Buckets];

    /// <summary>Calls that were no failure.</summary>
    public long Successes { get; set; }

    public long Failures { get; set; }

    /// <summary>Of attempts: those that were not the first of their request.</summary>
    public long Retries { get; set; }

    /// <summary>Of all durations, in nanoseconds.</summary>
    public long SumNanoseconds { get; set; }

    /// <summary>How many durations fell into each bucket.</summary>
    public Span<long> Durations => _durations;

    /// <summary>Calls that ended.</summary>
    public long Calls => Successes + Failures;
}
