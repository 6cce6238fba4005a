namespace Weft.Discovery;

/// <summary>What a watch knows. With neither value nor problem, its first answer is still awaited.</summary>
/// <param name="Value">What the source said last; null when it never said anything.</param>
/// <param name="Problem">Why that may be out of date; null when it is current.</param>
/// <param name="CurrentAt">A timestamp: when the source last said so, or the watch began.</param>
internal sealed record WatchState<T>(T? Value, string? Problem, long CurrentAt)
    where T : class;
