namespace Weft.Resources;

/// <summary>One document: what people decided about one thing. Immutable; equal when it says the same.</summary>
public abstract record Resource
{
    /// <summary>The version of the schema that this program reads.</summary>
    public const string ApiVersion = "weft.dev/v1";

    /// <summary>Unique among documents of its kind.</summary>
    public required string Name { get; init; }

    public abstract string Kind { get; }

    /// <summary>Labels as <c>key=value</c>, in the order of keys.</summary>
    public ValueList<Label> Labels { get; init; } = [];

    /// <summary>Where it was written.</summary>
    public Origin Origin { get; init; } = Origin.None;

    public sealed override string ToString() => $"{Kind} {Name}";
}

/// <summary>A label that people gave to a document.</summary>
public sealed record Label(string Key, string Value);
