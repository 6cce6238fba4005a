namespace Weft.Control;

/// <summary>When changes that can wait are told: after a moment of quiet, but not later than a while after the first. Pure.</summary>
internal sealed class Debounce
{
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(100);

    public static readonly TimeSpan AtMost = TimeSpan.FromSeconds(2);

    private DateTimeOffset? _first;
    private DateTimeOffset _last;

    /// <summary>When to tell; null when there is nothing to be told.</summary>
    public DateTimeOffset? Due => _first is { } first ? Min(_last + Quiet, first + AtMost) : null;

    public void OnChange(DateTimeOffset now)
    {
        _first ??= now;
        _last = now;
    }

    public void Clear() => _first = null;

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
