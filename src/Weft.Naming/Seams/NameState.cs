namespace Weft.Naming;

/// <summary>The state of a watch on a name: not answered yet, failed, or answered.</summary>
public abstract record NameState
{
    private NameState() { }

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
