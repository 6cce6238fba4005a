using System.Buffers;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From a rule of a GRPCRoute to a <see cref="RouteRule"/>.</summary>
internal static class GrpcRuleReader
{
    private static readonly string[] Filters =
    [
        RuleReader.RequestHeaders,
        RuleReader.ResponseHeaders,
        RuleReader.Mirror,
    ];

    // What the names of services and methods are made of, and the package before a service's.
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_."
    );

    public static RouteRule Read(MapReader map)
    {
        var matches = map.Items("matches", "a match", ReadMatch);
        var filters = FilterReader.Read(map, Filters);
        map.Refuse(
            "timeouts",
            "is for HTTPRoutes",
            "write the times of calls in the Service's 'timeouts'; callers state theirs in grpc-timeout"
        );
        return RuleReader.Read(map) with
        {
            Matches = [.. matches],
            Filters = filters,
            Retry = map.Map("retry") is { } retry ? RouteRetryReader.Read(retry) : null,
        };
    }

    private static RouteMatch ReadMatch(MapReader map) =>
        new()
        {
            GrpcMethod = map.Map("method") is { } method ? ReadMethod(method) : null,
            Headers = RouteMatchReader.ReadHeaders(map),
            Origin = map.Origin,
        };

    private static GrpcMethodMatch? ReadMethod(MapReader map)
    {
        var kind = map.Choice("type", ValueMatchKind.Exact, RouteMatchReader.ValueKinds);
        var service = ReadName(map, "service", kind, "write the name of a gRPC service, such as shop.Books");
        var method = ReadName(map, "method", kind, "write the name of a gRPC method, such as List");
        map.End();
        if (!map.Has("service") && !map.Has("method"))
        {
            map.Problems.Add(map.Position, "'method' says neither service nor method", "write one of them or both");
        }
        return service is null && method is null ? null : new GrpcMethodMatch(kind, service, method);
    }

    private static string? ReadName(MapReader map, string key, ValueMatchKind kind, string expected)
    {
        if (map.Scalar(key, expected) is not { } scalar)
        {
            return null;
        }
        if (kind == ValueMatchKind.RegularExpression)
        {
            RouteMatchReader.CheckExpression(scalar, map.Problems);
        }
        else if (scalar.Text.Length is 0 or > 1024 || scalar.Text.AsSpan().ContainsAnyExcept(NameCharacters))
        {
            map.Problems.Add(scalar.Position, $"'{key}' cannot be {scalar.Noun}", expected);
        }
        return scalar.Text;
    }
}
