using System.Collections.Immutable;

namespace Weft.Naming;

/// <summary>What is known of a concrete name's endpoints. The four answers are never merged.</summary>
public abstract record EndpointSet
{
    private EndpointSet() { }

    /// <summary>Not known yet: the first answer of the source is still awaited.</summary>
    public sealed record Pending : EndpointSet
    {
        public static readonly Pending Instance = new();
    }

    /// <summary>The source is down or answered nonsense, and nothing was known before.</summary>
    /// <param name="Message">What was tried and what came back.</param>
    public sealed record Failed(string Message) : EndpointSet;

    /// <summary>The source said with authority that the name does not exist.</summary>
    public sealed record Neg : EndpointSet
    {
        public static readonly Neg Instance = new();
    }

    /// <summary>The endpoints; an empty list means that the name exists and has none.</summary>
    public sealed record Known(ImmutableArray<Endpoint> Endpoints) : EndpointSet
    {
        public static readonly Known Empty = new([]);
    }
}
