using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From <c>healthCheck</c> to a <see cref="HealthCheckSpec"/>.</summary>
internal static class HealthCheckReader
{
    private const string ExpectedPath = "write a path, such as /healthz";

    public static HealthCheckSpec Read(MapReader map)
    {
        var defaults = new HealthCheckSpec();
        var kind = map.Choice("kind", defaults.Kind, ServiceWords.HealthChecks);
        var path = ReadPath(map, kind);
        var service = map.Scalar("service", "write the name of a gRPC service, such as shop.Books");
        var expect = StatusRangeReader.Read(map, "expect");
        var check = defaults with
        {
            Kind = kind,
            Path = path,
            GrpcService = service?.Text ?? "",
            Expect = map.Has("expect") ? expect : defaults.Expect,
            Interval = map.Value("interval", ScalarKinds.Duration, Ranges.Timeout) ?? defaults.Interval,
            Timeout = map.Value("timeout", ScalarKinds.Duration, Ranges.Timeout) ?? defaults.Timeout,
            Healthy = map.Int("healthy", defaults.Healthy, 1, 1000),
            Unhealthy = map.Int("unhealthy", defaults.Unhealthy, 1, 1000),
        };
        map.End();
        OnlyFor(map, "service", kind == HealthCheckKind.Grpc, "grpc");
        OnlyFor(map, "expect", kind == HealthCheckKind.Http, "http");
        return check;
    }

    private static string? ReadPath(MapReader map, HealthCheckKind kind)
    {
        if (kind != HealthCheckKind.Http)
        {
            _ = map.Scalar("path", ExpectedPath);
            OnlyFor(map, "path", false, "http");
            return null;
        }
        var path = map.AsScalar(map.RequiredNode("path", ExpectedPath), "'path'", ExpectedPath);
        if (path is not null && (!path.Text.StartsWith('/') || path.Text.Any(c => c is <= ' ' or > '~')))
        {
            map.Problems.Add(path.Position, $"'path' cannot be {path.Noun}", ExpectedPath);
        }
        return path?.Text;
    }

    private static void OnlyFor(MapReader map, string key, bool isRight, string kind)
    {
        if (map.Has(key) && !isRight)
        {
            map.Problems.Add(map.Place(key), $"'{key}' is for 'kind: {kind}'", "remove it");
        }
    }
}
