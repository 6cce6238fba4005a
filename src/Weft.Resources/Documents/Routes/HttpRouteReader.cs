using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From the spec of an HTTPRoute to its rules.</summary>
internal static class HttpRouteReader
{
    private const int MaxWeight = 1_000_000;

    private static readonly (string, bool)[] Service = [("Service", true)];

    private static readonly (string, bool)[] Filters = [("RequestMirror", true)];

    public static Resource? Read(Envelope envelope, YamlNode spec, DocumentContext context)
    {
        if (MapReader.Open(spec, "the spec of an HTTPRoute", context.Problems) is not { } map)
        {
            return null;
        }
        _ = map.RequiredNode("parentRefs", "name the Service whose requests it routes: [{kind: Service, name: books}]");
        var parents = ReadAll(map, "parentRefs", "a parentRef", ReadParent);
        _ = map.RequiredNode("rules", "write at least one rule");
        var rules = ReadAll(map, "rules", "a rule", ReadRule);
        map.End();
        context.Warnings.Add(
            new Position(envelope.Origin.Line, envelope.Origin.Column),
            $"HTTPRoute '{envelope.Name}' is understood, but routes are not in force in this version"
        );
        return new HttpRouteDocument
        {
            Name = envelope.Name,
            Labels = envelope.Labels,
            Origin = envelope.Origin,
            Parents = [.. parents],
            Rules = [.. rules],
        };
    }

    private static List<T> ReadAll<T>(MapReader map, string key, string what, Func<MapReader, T?> read)
        where T : class
    {
        var values = new List<T>();
        foreach (var item in map.List(key, "write a list, each item with a '-' in front"))
        {
            if (MapReader.Open(item, what, map.Problems) is { } inner)
            {
                if (read(inner) is { } value)
                {
                    values.Add(value);
                }
                inner.End();
            }
        }
        return values;
    }

    private static string? ReadParent(MapReader map)
    {
        map.Choice("kind", true, Service);
        return ReadServiceName(map, DocumentName.CheckPattern);
    }

    private static string? ReadServiceName(MapReader map, Func<YamlScalar, ProblemSink, bool>? check = null)
    {
        const string expected = "write the name of a service";
        check ??= (name, problems) => DocumentName.Check(name, "'name'", DocumentName.Logical, problems);
        var scalar = map.AsScalar(map.RequiredNode("name", expected), "'name'", expected);
        return scalar is not null && check(scalar, map.Problems) ? scalar.Text : null;
    }

    private static RouteRule ReadRule(MapReader map)
    {
        var matches = ReadAll(map, "matches", "a match", RouteMatchReader.Read);
        var mirrors = ReadAll(map, "filters", "a filter", ReadFilter);
        var backends = ReadAll(map, "backendRefs", "a backendRef", ReadBackend);
        var timeouts = map.Map("timeouts");
        var rule = new RouteRule
        {
            Matches = [.. matches],
            Mirrors = [.. mirrors],
            Backends = [.. backends],
            RequestTimeout = timeouts?.Value("request", ScalarKinds.Duration, Ranges.Timeout),
            BackendRequestTimeout = timeouts?.Value("backendRequest", ScalarKinds.Duration, Ranges.Timeout),
            Origin = map.Origin,
        };
        timeouts?.End();
        return rule;
    }

    private static WeightedBackend? ReadBackend(MapReader map)
    {
        map.Choice("kind", true, Service);
        var name = ReadServiceName(map);
        var weight = map.Int("weight", 1, 0, MaxWeight);
        return name is null ? null : new WeightedBackend(name, weight);
    }

    private static RequestMirror? ReadFilter(MapReader map)
    {
        if (map.RequiredNode("type", "write RequestMirror") is not null)
        {
            map.Choice("type", false, Filters);
        }
        var node = map.RequiredNode("requestMirror", "write 'requestMirror: {backendRef: {name: NAME}}'");
        if (node is null || MapReader.Open(node, "'requestMirror'", map.Problems) is not { } mirror)
        {
            return null;
        }
        _ = mirror.RequiredNode("backendRef", "write 'backendRef: {name: NAME}'");
        var backend = mirror.Map("backendRef");
        var percent = mirror.Int("percent", 100, 0, 100);
        mirror.End();
        if (backend is null)
        {
            return null;
        }
        backend.Choice("kind", true, Service);
        var name = ReadServiceName(backend);
        backend.End();
        return name is null ? null : new RequestMirror(name, percent);
    }
}
