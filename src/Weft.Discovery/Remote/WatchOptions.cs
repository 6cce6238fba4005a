namespace Weft.Discovery;

/// <summary>How watches are kept, and how many.</summary>
public sealed record WatchOptions
{
    /// <summary>The longest wait after the first failure; it doubles from there.</summary>
    public TimeSpan BaseBackoff { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait between two attempts.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A watch that held for this long has succeeded: the next failure counts as the first.</summary>
    public TimeSpan Settled { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A watch that nobody asked for in this long is closed.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Watches that are kept; names beyond it are refused, so that invented names cannot use up a backend.</summary>
    public int MaxWatches { get; init; } = 10_000;

    /// <summary>How long one request may take to be answered, apart from the time that it is asked to wait.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After this long, give or take a fifth, a stream of changes is begun anew with a full read.</summary>
    public TimeSpan Resync { get; init; } = TimeSpan.FromMinutes(5);
}
