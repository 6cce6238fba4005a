namespace Weft.Telemetry;

/// <summary>
/// Lets a message through so many times a second and counts the rest, so that a storm of one failure neither fills the
/// disk nor hides the others. Knows a bounded number of messages; those beyond share one allowance.
/// </summary>
internal sealed class LogThrottle(TimeProvider time, int perSecond)
{
    private const int MaxMessages = 1024;
    private const string Others = "(other messages)";
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, Allowance> _allowances = [];

    private sealed class Allowance
    {
        public long WindowStart { get; set; }

        public int Passed { get; set; }

        public long Held { get; set; }

        public LogLevel Level { get; set; }
    }

    /// <summary>True when anything is held back that <see cref="TakeHeld"/> has not told yet.</summary>
    public bool HoldsAny { get; private set; }

    /// <summary>False when the message had its share of this second.</summary>
    public bool Allows(LogLevel level, string message)
    {
        var now = time.GetTimestamp();
        if (!_allowances.TryGetValue(message, out var allowance))
        {
            var key = _allowances.Count < MaxMessages ? message : Others;
            if (!_allowances.TryGetValue(key, out allowance))
                _allowances.Add(key, allowance = new Allowance { WindowStart = now });
        }

        // What a window held back is told first, by TakeHeld; until then the next window does not begin.
        if (allowance.Held == 0 && time.GetElapsedTime(allowance.WindowStart, now) >= Window)
            (allowance.WindowStart, allowance.Passed) = (now, 0);
        if (allowance.Passed < perSecond)
        {
            allowance.Passed++;
            return true;
        }

        allowance.Held++;
        allowance.Level = level;
        HoldsAny = true;
        return false;
    }

    /// <summary>The messages that were held back in windows that are over, and how often; they start anew.</summary>
    public List<(LogLevel Level, string Message, long Count)> TakeHeld(bool evenOpenWindows = false)
    {
        var held = new List<(LogLevel, string, long)>();
        var now = time.GetTimestamp();
        HoldsAny = false;
        foreach (var (message, allowance) in _allowances)
        {
            if (allowance.Held == 0)
                continue;
            if (!evenOpenWindows && time.GetElapsedTime(allowance.WindowStart, now) < Window)
            {
                HoldsAny = true;
                continue;
            }

            held.Add((allowance.Level, message, allowance.Held));
            (allowance.WindowStart, allowance.Passed, allowance.Held) = (now, 0, 0);
        }

        return held;
    }
}
