namespace Weft.Naming;

/// <summary>What a step of a delegation is.</summary>
public enum DelegationKind
{
    /// <summary>Rewritten to one other thing.</summary>
    Delegate,

    /// <summary>Rewritten to alternatives, tried in order.</summary>
    Alt,

    /// <summary>Rewritten to weighted members.</summary>
    Union,

    /// <summary>Bound to a concrete name.</summary>
    Leaf,

    /// <summary>Does not exist.</summary>
    Neg,

    /// <summary>Stops the search.</summary>
    Fail,

    /// <summary>Exists and has no endpoints.</summary>
    Empty,

    /// <summary>A namer has not answered yet.</summary>
    Pending,

    /// <summary>A namer failed, the name makes no sense, or a bound was reached.</summary>
    Error,
}

/// <summary>What a step comes to for the alternative or the union that it is a part of.</summary>
internal enum Verdict
{
    /// <summary>Pending or failed.</summary>
    Unknown,

    /// <summary>The next alternative is tried.</summary>
    Neg,

    /// <summary>Ends the alternatives, and leaves a union.</summary>
    Fail,

    /// <summary>A leaf, a union or empty.</summary>
    Present,
}
