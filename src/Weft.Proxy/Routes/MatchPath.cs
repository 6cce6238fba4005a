using System.Text;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>What a match asks of the path: the classes in the order in which they are looked through.</summary>
internal enum PathClass
{
    Exact,
    Expression,

    /// <summary>By whole segments, the longest first.</summary>
    Prefix,

    /// <summary>The last segment: a gRPC method of any service.</summary>
    LastSegment,
    Any,
}

/// <summary>A path of a match, whether it was written as one or as a gRPC method, which is the path <c>/service/method</c>.</summary>
/// <param name="Class">How it is compared.</param>
/// <param name="Bytes">The path or segment, canonical; a prefix has no slash at its end.</param>
/// <param name="Expression">Only for <see cref="PathClass.Expression"/>.</param>
/// <param name="Order">Among expressions, the smaller first.</param>
internal sealed record MatchPath(PathClass Class, byte[] Bytes, TextPattern? Expression, (int, int) Order)
{
    private static readonly MatchPath s_any = new(PathClass.Any, [], null, default);

    public static MatchPath Of(RouteMatch match) =>
        match switch
        {
            { GrpcMethod: { } method } => Of(method),
            { Path: { } path } => Of(path),
            _ => s_any,
        };

    private static MatchPath Of(PathMatch path)
    {
        switch (path.Kind)
        {
            case PathMatchKind.Exact:
                return new MatchPath(PathClass.Exact, PathForm.Canonicalize(path.Value), null, default);
            case PathMatchKind.RegularExpression:
                return new MatchPath(PathClass.Expression, [], TextPattern.Expression(path.Value), default);
            default:
                var prefix = PathForm.Canonicalize(path.Value).AsSpan().TrimEnd((byte)'/');
                return prefix.IsEmpty ? s_any : new MatchPath(PathClass.Prefix, prefix.ToArray(), null, default);
        }
    }

    // Gateway API, GRPCRouteRule.matches: the most characters of the service, then of the method.
    private static MatchPath Of(GrpcMethodMatch match)
    {
        var (service, method) = (match.Service, match.Method);
        if (match.Kind == ValueMatchKind.RegularExpression)
        {
            var expression = $"/(?:{service ?? "[^/]*"})/(?:{method ?? "[^/]*"})";
            return new MatchPath(
                PathClass.Expression,
                [],
                TextPattern.Expression(expression),
                (-(service?.Length ?? 0), -(method?.Length ?? 0))
            );
        }

        return service is null ? new MatchPath(PathClass.LastSegment, Encoding.ASCII.GetBytes(method!), null, default)
            : method is null ? new MatchPath(PathClass.Prefix, Encoding.ASCII.GetBytes($"/{service}"), null, default)
            : new MatchPath(PathClass.Exact, Encoding.ASCII.GetBytes($"/{service}/{method}"), null, default);
    }
}
