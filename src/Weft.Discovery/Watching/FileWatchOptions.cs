namespace Weft.Discovery;

/// <summary>What a <see cref="FileWatch"/> looks at, and how often.</summary>
public sealed record FileWatchOptions
{
    /// <summary>
    /// Between two polls, unless the last one took long (<see cref="FileWatch.IntervalAfter"/>). A proxy on one core has its requests wait for each poll.
    /// </summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The same while a change has been seen and is not believed yet.</summary>
    public TimeSpan SettlingInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How much longer a file that became empty must stay so: many writers empty a file before they fill it.</summary>
    public TimeSpan EmptyGrace { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a change waits for others that are still settling, so that they are seen together.</summary>
    public TimeSpan MaxHold { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether folders in the folder are entered.</summary>
    public bool Recursive { get; init; }

    /// <summary>Which files of a folder count, by name; all when null. Hidden and temporary ones never do.</summary>
    public Func<string, bool>? Accepts { get; init; }

    public int MaxFiles { get; init; } = 100_000;

    /// <summary>Bytes of one file.</summary>
    public int MaxFileBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary>Folders within one another.</summary>
    public int MaxDepth { get; init; } = 16;

    /// <summary>Names that editors and copying programs use for what is not finished: <c>.x</c>, <c>x~</c>, <c>x.tmp</c>.</summary>
    internal static bool IsIgnored(string name) =>
        name.StartsWith('.') || name.EndsWith('~') || name.EndsWith(".tmp", StringComparison.Ordinal);
}
