namespace Weft.Resources;

/// <summary>Makes the names below <see cref="Prefix"/> out of a source of services.</summary>
public sealed record NamerDocument : Resource
{
    public const string KindName = "Namer";

    public override string Kind => KindName;

    /// <summary>Where the names come from.</summary>
    public required NamerSpec Spec { get; init; }

    /// <summary><c>/#/</c> and at least one label more; unless told otherwise the document's name.</summary>
    public required Naming.Path Prefix { get; init; }

    /// <summary>
    /// How long a withdrawal of more than half of a name's endpoints must last before it is believed; zero for at once.
    /// </summary>
    public required TimeSpan HoldMassRemoval { get; init; }

    /// <summary>What a name is that exists and has no endpoints.</summary>
    public required WhenEmpty WhenEmpty { get; init; }
}

/// <summary>What a name is that its source knows and that has no endpoints.</summary>
public enum WhenEmpty
{
    /// <summary>There, so that no alternative is tried and requests fail.</summary>
    Empty,

    /// <summary>Not there, so that the next alternative is tried.</summary>
    Neg,
}
