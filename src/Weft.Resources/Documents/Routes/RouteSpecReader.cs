using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From the spec of an HTTPRoute or a GRPCRoute to its parents and rules.</summary>
internal static class RouteSpecReader
{
    /// <summary>Rules of one document.</summary>
    private const int MaxRules = 1000;

    public static Resource? ReadHttp(Envelope envelope, YamlNode spec, DocumentContext context)
    {
        return Open(spec, "an HTTPRoute", context) is not { } map
            ? null
            : new HttpRouteDocument
            {
                Name = envelope.Name,
                Labels = envelope.Labels,
                Origin = envelope.Origin,
                Parents = ReadParents(map),
                Rules = ReadRules(map, HttpRuleReader.Read),
            };
    }

    public static Resource? ReadGrpc(Envelope envelope, YamlNode spec, DocumentContext context)
    {
        return Open(spec, "a GRPCRoute", context) is not { } map
            ? null
            : new GrpcRouteDocument
            {
                Name = envelope.Name,
                Labels = envelope.Labels,
                Origin = envelope.Origin,
                Parents = ReadParents(map),
                Rules = ReadRules(map, GrpcRuleReader.Read),
            };
    }

    /// <summary>The Services that a document is for.</summary>
    public static ValueList<string> ReadParents(MapReader map)
    {
        _ = map.RequiredNode("parentRefs", "name the Service whose requests it is for: [{kind: Service, name: books}]");
        return [.. map.Items("parentRefs", "a parentRef", ReadParent)];
    }

    private static string? ReadParent(MapReader map)
    {
        ServiceRef.CheckKind(map);
        return ServiceRef.ReadName(map, DocumentName.CheckPattern);
    }

    private static MapReader? Open(YamlNode spec, string what, DocumentContext context) =>
        MapReader.Open(spec, $"the spec of {what}", context.Problems);

    private static ValueList<RouteRule> ReadRules(MapReader map, Func<MapReader, RouteRule?> read)
    {
        _ = map.RequiredNode("rules", "write at least one rule");
        map.Refuse(
            "hostnames",
            "is for gateways: the Services in 'parentRefs' say whose requests are routed",
            "remove it"
        );
        var rules = map.Items("rules", "a rule", read);
        map.End();
        if (rules.Count > MaxRules)
        {
            map.Problems.Add(
                map.Place("rules"),
                $"there are {rules.Count} rules, more than the {MaxRules} of one document",
                "divide them over several documents"
            );
        }
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rule in rules)
        {
            if (rule.Name is { } name && !names.Add(name))
            {
                map.Problems.Add(rule.Origin.Problem($"there is a rule '{name}' already", "rename one of them"));
            }
        }
        return [.. rules];
    }
}

/// <summary>A reference to a Service by its logical name.</summary>
internal static class ServiceRef
{
    private static readonly (string, bool)[] Service = [("Service", true)];

    /// <summary>The kind may be left out.</summary>
    public static void CheckKind(MapReader map) => map.Choice("kind", true, Service);

    /// <summary>Null when there is none, or it is wrong and reported.</summary>
    public static string? ReadName(MapReader map, Func<YamlScalar, ProblemSink, bool>? check = null)
    {
        const string expected = "write the name of a service";
        check ??= (name, problems) => DocumentName.Check(name, "'name'", DocumentName.Logical, problems);
        var scalar = map.AsScalar(map.RequiredNode("name", expected), "'name'", expected);
        return scalar is not null && check(scalar, map.Problems) ? scalar.Text : null;
    }

    /// <summary>The name within a key that holds a reference and nothing else.</summary>
    public static string? ReadOnly(MapReader parent, string key)
    {
        _ = parent.RequiredNode(key, $"write '{key}: {{name: NAME}}'");
        if (parent.Map(key) is not { } map)
        {
            return null;
        }
        CheckKind(map);
        var name = ReadName(map);
        map.End();
        return name;
    }
}
