namespace Weft.Cli.Demo;

/// <summary>One visit of the shop. Times count from the beginning of the traffic.</summary>
/// <param name="Started">When the request left the visitor.</param>
/// <param name="Ended">When its answer was complete, or was given up.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Direct">The instance of authors that answered web; null when none did.</param>
/// <param name="ViaBooks">The instance of authors that answered books; null when none did.</param>
/// <param name="Why">What was lost, in the words of whoever lost it; null unless lost.</param>
internal readonly record struct Sample(
    TimeSpan Started,
    TimeSpan Ended,
    Outcome Outcome,
    string? Direct,
    string? ViaBooks,
    string? Why = null
)
{
    public TimeSpan Latency => Ended - Started;
}
