using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From one item of <c>matches</c> to a <see cref="RouteMatch"/>.</summary>
internal static class RouteMatchReader
{
    public static readonly (string, ValueMatchKind)[] ValueKinds =
    [
        ("Exact", ValueMatchKind.Exact),
        ("RegularExpression", ValueMatchKind.RegularExpression),
    ];

    private static readonly (string, PathMatchKind)[] PathKinds =
    [
        ("Exact", PathMatchKind.Exact),
        ("PathPrefix", PathMatchKind.PathPrefix),
        ("RegularExpression", PathMatchKind.RegularExpression),
    ];

    public static RouteMatch Read(MapReader map)
    {
        const string expected = "write a method, such as GET";
        var path = map.Map("path") is { } inner ? ReadPath(inner) : null;
        var method = map.Scalar("method", expected);
        if (method is not null && !Identifier.IsToken(method.Text))
        {
            map.Problems.Add(method.Position, $"{method.Noun} is not a method", expected);
        }
        return new RouteMatch
        {
            Path = path,
            Method = method?.Text,
            Headers = ReadHeaders(map),
            QueryParams = ReadValues(map, "queryParams", "a query parameter match", areHeaders: false),
            Origin = map.Origin,
        };
    }

    public static ValueList<ValueMatch> ReadHeaders(MapReader map) =>
        ReadValues(map, "headers", "a header match", areHeaders: true);

    public static void CheckExpression(YamlScalar value, ProblemSink problems)
    {
        if (LinearExpression.WhyNot(value.Text) is { } error)
        {
            problems.Add(value.Position, $"{value.Noun} is not a regular expression that is read here: {error}");
        }
    }

    private static PathMatch? ReadPath(MapReader map)
    {
        var kind = map.Choice("type", PathMatchKind.PathPrefix, PathKinds);
        var value = map.AsScalar(map.RequiredNode("value", RoutePath.Expected), "'value'", RoutePath.Expected);
        map.End();
        if (value is null)
        {
            return null;
        }
        if (kind == PathMatchKind.RegularExpression)
        {
            CheckExpression(value, map.Problems);
        }
        else
        {
            RoutePath.Check(value, "'value'", map.Problems);
        }
        return new PathMatch(kind, value.Text);
    }

    private static ValueList<ValueMatch> ReadValues(MapReader parent, string key, string what, bool areHeaders)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        return [.. parent.Items(key, what, map => ReadValue(map, areHeaders, names))];
    }

    private static ValueMatch? ReadValue(MapReader map, bool areHeaders, HashSet<string> names)
    {
        var kind = map.Choice("type", ValueMatchKind.Exact, ValueKinds);
        var name = map.AsScalar(map.RequiredNode("name", "write its name"), "'name'", "write its name");
        var value = map.AsScalar(map.RequiredNode("value", "write its value"), "'value'", "write its value");
        if (name is null || value is null)
        {
            return null;
        }
        if (areHeaders && !Identifier.IsToken(name.Text))
        {
            map.Problems.Add(name.Position, $"{name.Noun} is not the name of a header");
        }
        if (kind == ValueMatchKind.RegularExpression)
        {
            CheckExpression(value, map.Problems);
        }
        var text = areHeaders ? name.Text.ToLowerInvariant() : name.Text;
        if (!names.Add(text))
        {
            map.Problems.Add(
                name.Position,
                $"{name.Noun} is compared twice in one match",
                "write one regular expression, or two matches if either value will do"
            );
        }
        return new ValueMatch(kind, text, value.Text);
    }
}
