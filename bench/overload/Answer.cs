namespace Weft.Bench.Overload;

/// <summary>What one offered request came to.</summary>
/// <param name="Due">When it was to be sent, from the beginning of the load.</param>
/// <param name="Latency">From then, and not from when it was sent at last, until its answer was complete.</param>
/// <param name="Status">0 when there was no answer.</param>
/// <param name="WeftError">The reason, when a proxy made the answer.</param>
internal readonly record struct Answer(TimeSpan Due, TimeSpan Latency, int Status, string? WeftError)
{
    public bool IsGood => Status == 200;

    public TimeSpan Ended => Due + Latency;
}
