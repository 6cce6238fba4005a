namespace Weft.Resources;

/// <summary>All of its parts must fit; what is absent fits everything.</summary>
public sealed record RouteMatch
{
    /// <summary>Fits every request.</summary>
    public static readonly RouteMatch All = new();

    public PathMatch? Path { get; init; }

    /// <summary>Case counts.</summary>
    public string? Method { get; init; }

    public ValueList<ValueMatch> Headers { get; init; } = [];

    public ValueList<ValueMatch> QueryParams { get; init; } = [];

    /// <summary>In the matches of a GRPCRoute, in place of path and method.</summary>
    public GrpcMethodMatch? GrpcMethod { get; init; }

    public Origin Origin { get; init; } = Origin.None;
}

/// <summary>A match of the path of a request.</summary>
public sealed record PathMatch(PathMatchKind Kind, string Value);

/// <summary>A match of a gRPC call. At least one of the two is given; what is null fits everything.</summary>
/// <param name="Service">Such as <c>shop.Books</c>.</param>
/// <param name="Method">Such as <c>List</c>.</param>
public sealed record GrpcMethodMatch(ValueMatchKind Kind, string? Service, string? Method);

/// <summary>A match of a header (its name in lower case) or of a query parameter.</summary>
public sealed record ValueMatch(ValueMatchKind Kind, string Name, string Value);

/// <summary>How a path is compared.</summary>
public enum PathMatchKind
{
    Exact,

    /// <summary>By whole segments.</summary>
    PathPrefix,

    /// <summary>The whole path must fit.</summary>
    RegularExpression,
}

/// <summary>How a value is compared.</summary>
public enum ValueMatchKind
{
    Exact,

    /// <summary>The whole value must fit.</summary>
    RegularExpression,
}
