using System.Collections.Immutable;

namespace Weft.Naming;

/// <summary>
/// One step of how a name is bound, with the steps below it: which path was looked up, which dentry led to it, and what
/// came of it.
/// </summary>
/// <param name="Kind">What came of the path.</param>
/// <param name="Path">The path that was looked up here.</param>
/// <param name="Dentry">The entry that led here; null for the first step and after a built-in rewriter.</param>
public sealed record Delegation(DelegationKind Kind, Path Path, Dentry? Dentry = null)
{
    /// <summary>The steps below: one for a delegate, several for an alt or a union, none otherwise.</summary>
    public ImmutableArray<Delegation> Children { get; init; } = [];

    /// <summary>The share among siblings; null unless the parent is a union.</summary>
    public double? Weight { get; init; }

    /// <summary>The concrete name of a leaf, null otherwise.</summary>
    public BoundName? Bound { get; init; }

    /// <summary>What went wrong, for an error; null otherwise.</summary>
    public string? Message { get; init; }

    /// <summary>False for an alternative that binding does not look at, because one before it decides.</summary>
    public bool Considered { get; init; } = true;

    /// <summary>The kind as the documents have it: <c>delegate</c>, <c>alt</c>, <c>leaf</c>, ...</summary>
    public string Type =>
        Kind switch
        {
            DelegationKind.Delegate => "delegate",
            DelegationKind.Alt => "alt",
            DelegationKind.Union => "union",
            DelegationKind.Leaf => "leaf",
            DelegationKind.Neg => "neg",
            DelegationKind.Fail => "fail",
            DelegationKind.Empty => "empty",
            DelegationKind.Pending => "pending",
            _ => "error",
        };

    /// <summary>What the binder makes of this step, as far as its siblings care.</summary>
    internal Verdict Verdict { get; init; }
}
