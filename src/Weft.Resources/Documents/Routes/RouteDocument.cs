namespace Weft.Resources;

/// <summary>Which backends get which requests to a service, in Gateway API's shape (GAMMA).</summary>
public abstract record RouteDocument : Resource
{
    /// <summary>Names of the Services whose requests it routes, with or without <c>*</c> at their end; at least one.</summary>
    public required ValueList<string> Parents { get; init; }

    public required ValueList<RouteRule> Rules { get; init; }
}

/// <summary>Routes requests by path, method, headers and query.</summary>
public sealed record HttpRouteDocument : RouteDocument
{
    public const string KindName = "HTTPRoute";

    public override string Kind => KindName;
}

/// <summary>Routes calls by gRPC service, method and headers.</summary>
public sealed record GrpcRouteDocument : RouteDocument
{
    public const string KindName = "GRPCRoute";

    public override string Kind => KindName;
}
