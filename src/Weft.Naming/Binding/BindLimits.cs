namespace Weft.Naming;

/// <summary>How much work one name may cause. What exceeds a bound is failed, with a reason.</summary>
public sealed record BindLimits
{
    public static readonly BindLimits Default = new();

    /// <summary>Levels of rewriting, one after the other; 100 is Finagle's.</summary>
    public int MaxDepth { get; init; } = 100;

    /// <summary>
    /// Names and parts of trees visited in all; without it <c>/a => /a &amp; /a</c> is 2^100 of them. A name counts for
    /// more when it is very long or the table very large, so that the bound is one of time.
    /// </summary>
    public int MaxNodes { get; init; } = 10_000;

    /// <summary>
    /// Names, alternatives and unions within each other, over all levels of rewriting: what a small stack holds.
    /// </summary>
    internal int MaxStack { get; init; } = 500;

    /// <summary>In nodes: one, and more for each 64 labels that are copied and each 64 entries that are compared.</summary>
    internal static int CostOf(Path path, Dtab dtab) => 1 + (path.Length / 64) + (dtab.Length / 64);

    internal string TooDeep => $"Max recursion level: {MaxDepth} reached";

    internal string TooManyNodes => $"gave up: the name branches into more than {MaxNodes} names";

    internal string TooNested => $"gave up: alternatives and unions are nested more than {MaxStack} deep";
}
