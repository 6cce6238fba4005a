using System.Buffers;
using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From the filters RequestRedirect and URLRewrite to what they change.</summary>
internal static class UrlChangeReader
{
    private static readonly (string, string?)[] Schemes = [("http", "http"), ("https", "https")];

    private static readonly (string, int)[] Statuses =
    [
        ("301", 301),
        ("302", 302),
        ("303", 303),
        ("307", 307),
        ("308", 308),
    ];

    private static readonly (string, PathChangeKind?)[] PathKinds =
    [
        ("ReplaceFullPath", PathChangeKind.ReplaceFullPath),
        ("ReplacePrefixMatch", PathChangeKind.ReplacePrefixMatch),
    ];

    private static readonly SearchValues<char> HostCharacters = SearchValues.Create(
        "-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    );

    public static RequestRedirect? ReadRedirect(MapReader parent)
    {
        const string key = "requestRedirect";
        _ = parent.RequiredNode(key, $"write '{key}: {{hostname: NAME, statusCode: 301}}'");
        if (parent.Map(key) is not { } map)
        {
            return null;
        }
        var redirect = new RequestRedirect
        {
            Scheme = map.Choice("scheme", null, Schemes),
            Hostname = ReadHostname(map),
            Port = (int?)map.Value("port", ScalarKinds.Number, (1, ushort.MaxValue)),
            Path = ReadPath(map),
            Status = map.Choice("statusCode", RequestRedirect.DefaultStatus, Statuses),
        };
        map.End();
        if (redirect is { Scheme: null, Hostname: null, Port: null, Path: null } && !map.HasAny)
        {
            map.Problems.Add(
                map.Position,
                "a redirect that changes nothing leads in a circle",
                "write 'scheme', 'hostname', 'port' or 'path'"
            );
        }
        return redirect;
    }

    public static UrlRewrite? ReadRewrite(MapReader parent)
    {
        const string key = "urlRewrite";
        _ = parent.RequiredNode(key, $"write '{key}: {{hostname: NAME}}'");
        if (parent.Map(key) is not { } map)
        {
            return null;
        }
        var rewrite = new UrlRewrite(ReadHostname(map), ReadPath(map));
        map.End();
        if (!map.HasAny)
        {
            map.Problems.Add(map.Position, "a rewrite that changes nothing", "write 'hostname' or 'path'");
        }
        return rewrite;
    }

    private static string? ReadHostname(MapReader map)
    {
        const string expected = "write a name such as books.example, without port";
        if (map.Scalar("hostname", expected) is not { } scalar)
        {
            return null;
        }
        var host = scalar.Text;
        var isName =
            host.Length is > 0 and <= DocumentName.MaxLength
            && !host.AsSpan().ContainsAnyExcept(HostCharacters)
            && !host.StartsWith('.')
            && !host.Contains("..", StringComparison.Ordinal);
        if (!isName)
        {
            map.Problems.Add(scalar.Position, $"'hostname' cannot be {scalar.Noun}", expected);
        }
        return host.ToLowerInvariant();
    }

    private static PathChange? ReadPath(MapReader parent)
    {
        if (parent.Map("path") is not { } map)
        {
            return null;
        }
        if (map.RequiredNode("type", "write ReplaceFullPath or ReplacePrefixMatch") is null)
        {
            map.IgnoreRest();
            return null;
        }
        var kind = map.Choice("type", null, PathKinds);
        if (kind is null)
        {
            map.IgnoreRest();
            return null;
        }
        var isFull = kind == PathChangeKind.ReplaceFullPath;
        var key = isFull ? "replaceFullPath" : "replacePrefixMatch";
        var value = map.AsScalar(map.RequiredNode(key, RoutePath.Expected), $"'{key}'", RoutePath.Expected);
        map.End();
        // An empty prefix takes the matched one away, and an empty path is '/'.
        if (value is { Text.Length: > 0 })
        {
            RoutePath.Check(value, $"'{key}'", map.Problems);
        }
        return value is null ? null : new PathChange(kind.Value, isFull && value.Text.Length == 0 ? "/" : value.Text);
    }
}
