using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From one item of <c>matches</c> to a <see cref="RouteMatch"/>.</summary>
internal static class RouteMatchReader
{
    /// <summary>Characters of one regular expression.</summary>
    private const int MaxExpression = 1024;

    private static readonly (string, PathMatchKind)[] PathKinds =
    [
        ("Exact", PathMatchKind.Exact),
        ("PathPrefix", PathMatchKind.PathPrefix),
        ("RegularExpression", PathMatchKind.RegularExpression),
    ];

    private static readonly (string, ValueMatchKind)[] ValueKinds =
    [
        ("Exact", ValueMatchKind.Exact),
        ("RegularExpression", ValueMatchKind.RegularExpression),
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
            Headers = ReadValues(map, "headers", "a header match", areHeaders: true),
            QueryParams = ReadValues(map, "queryParams", "a query parameter match", areHeaders: false),
        };
    }

    private static PathMatch? ReadPath(MapReader map)
    {
        const string expected = "write a path that begins with /";
        var kind = map.Choice("type", PathMatchKind.PathPrefix, PathKinds);
        var value = map.AsScalar(map.RequiredNode("value", expected), "'value'", expected);
        map.End();
        if (value is null)
        {
            return null;
        }
        if (kind == PathMatchKind.RegularExpression)
        {
            CheckExpression(value, map.Problems);
        }
        else if (!value.Text.StartsWith('/'))
        {
            map.Problems.Add(value.Position, $"'value' cannot be {value.Noun}", expected);
        }
        return new PathMatch(kind, value.Text);
    }

    private static ValueList<ValueMatch> ReadValues(MapReader parent, string key, string what, bool areHeaders)
    {
        var matches = new List<ValueMatch>();
        foreach (var item in parent.List(key, "write it as [{name: NAME, value: VALUE}]"))
        {
            if (MapReader.Open(item, what, parent.Problems) is not { } map)
            {
                continue;
            }
            var kind = map.Choice("type", ValueMatchKind.Exact, ValueKinds);
            var name = map.AsScalar(map.RequiredNode("name", "write its name"), "'name'", "write its name");
            var value = map.AsScalar(map.RequiredNode("value", "write its value"), "'value'", "write its value");
            map.End();
            if (name is null || value is null)
            {
                continue;
            }
            if (areHeaders && !Identifier.IsToken(name.Text))
            {
                map.Problems.Add(name.Position, $"{name.Noun} is not the name of a header");
            }
            if (kind == ValueMatchKind.RegularExpression)
            {
                CheckExpression(value, map.Problems);
            }
            matches.Add(new ValueMatch(kind, areHeaders ? name.Text.ToLowerInvariant() : name.Text, value.Text));
        }
        return [.. matches];
    }

    private static void CheckExpression(YamlScalar value, ProblemSink problems)
    {
        if (value.Text.Length > MaxExpression)
        {
            problems.Add(value.Position, $"the expression is longer than {MaxExpression} characters");
            return;
        }
        try
        {
            // Linear time whatever the input: the only engine that may ever meet what clients send.
            _ = new System.Text.RegularExpressions.Regex(
                value.Text,
                System.Text.RegularExpressions.RegexOptions.NonBacktracking
            );
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            problems.Add(
                value.Position,
                $"{value.Noun} is not a regular expression that is read here: {error.Message.TrimEnd('.')}"
            );
        }
    }
}
