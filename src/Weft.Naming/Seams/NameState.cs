namespace Weft.Naming;

/// <summary>The state of a watch on a name: not answered yet, failed, or answered.</summary>
public abstract record NameState
{
    /// <summary>The answer that the name does not exist.</summary>
    public static readonly Ok Neg = new(NameTree<BoundName>.Neg.Instance);

    /// <summary>The answer that ends the search.</summary>
    public static readonly Ok Fail = new(NameTree<BoundName>.Fail.Instance);

    /// <summary>The answer that the name exists and has no endpoints.</summary>
    public static readonly Ok Empty = new(NameTree<BoundName>.Empty.Instance);

    private NameState() { }

    /// <summary>Whether this is the answer that the name does not exist.</summary>
    internal bool IsNeg => this is Ok { Tree: NameTree<BoundName>.Neg };

    /// <summary>The answer that the name is bound.</summary>
    public static Ok Bound(Path id, Path residual) => new(new NameTree<BoundName>.Leaf(new BoundName(id, residual)));

    /// <summary>Not answered yet.</summary>
    public sealed record Pending : NameState
    {
        public static readonly Pending Instance = new();
    }

    /// <summary>The source is down, the name makes no sense to it, or a bound of the work was reached.</summary>
    public sealed record Failed(string Message) : NameState;

    /// <summary>The answer, which may itself be neg, fail or empty.</summary>
    public sealed record Ok(NameTree<BoundName> Tree) : NameState;
}
