using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From a header modifier to <see cref="HeaderChanges"/>.</summary>
internal static class HeaderChangesReader
{
    /// <summary>Fields of each list.</summary>
    private const int MaxFields = 64;

    /// <summary>Characters of a value.</summary>
    private const int MaxValue = 4096;

    /// <summary>Names whose fields frame the message, belong to one connection, or are what the mesh itself goes by.</summary>
    private static readonly string[] Reserved =
    [
        "connection",
        "content-length",
        "expect",
        "http2-settings",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    ];

    public static HeaderChanges? Read(MapReader parent, string key)
    {
        _ = parent.RequiredNode(key, $"write '{key}: {{set: [{{name: NAME, value: VALUE}}]}}'");
        if (parent.Map(key) is not { } map)
        {
            return null;
        }
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var changes = new HeaderChanges
        {
            Set = ReadFields(map, "set", names),
            Add = ReadFields(map, "add", names),
            Remove = ReadNames(map, names),
        };
        map.End();
        return changes;
    }

    private static ValueList<HeaderValue> ReadFields(MapReader parent, string key, Dictionary<string, string> names)
    {
        var fields = parent.Items(key, "a header", map => ReadField(map, key, names));
        CheckCount(parent, key, fields.Count);
        return [.. fields];
    }

    private static HeaderValue? ReadField(MapReader map, string key, Dictionary<string, string> names)
    {
        var name = map.AsScalar(map.RequiredNode("name", "write its name"), "'name'", "write its name");
        var value = map.AsScalar(map.RequiredNode("value", "write its value"), "'value'", "write its value");
        if (name is null || value is null)
        {
            return null;
        }
        var text = value.Text;
        if (
            text.Length > MaxValue
            || text.Trim(' ', '\t').Length < text.Length
            || text.Any(c => c is < ' ' and not '\t' or > '~')
        )
        {
            map.Problems.Add(
                value.Position,
                $"'value' cannot be {value.Noun}",
                $"write up to {MaxValue} printable ASCII characters, without spaces around them"
            );
        }
        return CheckName(name, key, names, map.Problems) is { } lower ? new HeaderValue(lower, text) : null;
    }

    private static ValueList<string> ReadNames(MapReader parent, Dictionary<string, string> names)
    {
        const string expected = "write a list of names, such as [x-debug]";
        var removed = new List<string>();
        foreach (var item in parent.List("remove", expected))
        {
            if (
                parent.AsScalar(item, "'remove'", expected) is { } scalar
                && CheckName(scalar, "remove", names, parent.Problems) is { } name
            )
            {
                removed.Add(name);
            }
        }
        CheckCount(parent, "remove", removed.Count);
        return [.. removed];
    }

    private static void CheckCount(MapReader map, string key, int count)
    {
        if (count > MaxFields)
        {
            map.Problems.Add(map.Place(key), $"'{key}' has {count} headers, more than {MaxFields}");
        }
    }

    private static string? CheckName(
        YamlScalar scalar,
        string key,
        Dictionary<string, string> names,
        ProblemSink problems
    )
    {
        if (!Identifier.IsToken(scalar.Text))
        {
            problems.Add(scalar.Position, $"{scalar.Noun} is not the name of a header");
            return null;
        }
        var name = scalar.Text.ToLowerInvariant();
        if (name == "host")
        {
            problems.Add(scalar.Position, "'host' is not changed here", "use the filter URLRewrite with 'hostname'");
        }
        else if (
            Reserved.Contains(name)
            || name.StartsWith("weft-", StringComparison.Ordinal)
            || name.StartsWith("l5d-", StringComparison.Ordinal)
        )
        {
            problems.Add(
                scalar.Position,
                $"'{name}' belongs to the proxies and cannot be changed by routes",
                "remove it"
            );
        }
        if (!names.TryAdd(name, key))
        {
            problems.Add(
                scalar.Position,
                names[name] == key
                    ? $"'{name}' stands twice in '{key}'"
                    : $"'{name}' stands in both '{names[name]}' and '{key}'",
                "write each name once; several values of a header can be put together with commas"
            );
        }
        return name;
    }
}
