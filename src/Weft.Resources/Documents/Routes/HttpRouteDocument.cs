namespace Weft.Resources;

/// <summary>Which backends get which requests to a service, in Gateway API's shape (GAMMA).</summary>
public sealed record HttpRouteDocument : Resource
{
    public const string KindName = "HTTPRoute";

    public override string Kind => KindName;

    /// <summary>Names of the Services whose requests it routes; at least one.</summary>
    public required ValueList<string> Parents { get; init; }

    public required ValueList<RouteRule> Rules { get; init; }
}

/// <summary>A request that any of the matches (or none are given) fits goes to the backends.</summary>
public sealed record RouteRule
{
    public ValueList<RouteMatch> Matches { get; init; } = [];

    public ValueList<RequestMirror> Mirrors { get; init; } = [];

    public ValueList<WeightedBackend> Backends { get; init; } = [];

    /// <summary>The whole call; null is without limit of its own.</summary>
    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>One attempt; null is without limit of its own.</summary>
    public TimeSpan? BackendRequestTimeout { get; init; }

    public Origin Origin { get; init; } = Origin.None;
}

/// <summary>All of its parts must fit; what is absent fits everything.</summary>
public sealed record RouteMatch
{
    public PathMatch? Path { get; init; }

    public string? Method { get; init; }

    public ValueList<ValueMatch> Headers { get; init; } = [];

    public ValueList<ValueMatch> QueryParams { get; init; } = [];
}

/// <summary>A match of the path of a request.</summary>
public sealed record PathMatch(PathMatchKind Kind, string Value);

/// <summary>A match of a header (its name in lower case) or of a query parameter.</summary>
public sealed record ValueMatch(ValueMatchKind Kind, string Name, string Value);

/// <summary>A service and its share of the requests.</summary>
/// <param name="Weight">Relative to its siblings; 0 gets none.</param>
public sealed record WeightedBackend(string Name, int Weight = 1);

/// <summary>A copy of requests for another service, whose answers nobody waits for.</summary>
/// <param name="Percent">0 to 100.</param>
public sealed record RequestMirror(string Backend, int Percent = 100);

/// <summary>How a path is compared.</summary>
public enum PathMatchKind
{
    Exact,

    /// <summary>By whole segments.</summary>
    PathPrefix,
    RegularExpression,
}

/// <summary>How a value is compared.</summary>
public enum ValueMatchKind
{
    Exact,
    RegularExpression,
}
