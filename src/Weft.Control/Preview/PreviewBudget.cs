namespace Weft.Control;

/// <summary>How many comparisons of matches one preview may make: thousands of rules against thousands would keep a processor busy for long.</summary>
internal sealed class PreviewBudget(int comparisons = PreviewBudget.Default)
{
    /// <summary>A few seconds' worth.</summary>
    public const int Default = 10_000_000;

    private int _left = comparisons;

    /// <summary>Whether so many are left; they are used up.</summary>
    public bool Spend(int count)
    {
        _left = Math.Max(0, _left - count);
        return _left > 0;
    }
}
