using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>Reads <c>control</c>: an address, or a mapping with an address and what else is needed to be let in.</summary>
internal static class ControlReader
{
    private const string Remedy = "write it as https://127.0.0.1:4190";

    /// <summary>Null when there is none, or none that can be used; what is wrong is reported.</summary>
    public static ControlConfig? Read(MapReader map)
    {
        switch (map.Node("control"))
        {
            case null:
                return null;
            case YamlMapping given:
                return MapReader.Open(given, "'control'", map.Problems) is { } control ? ReadMap(control) : null;
            case var node:
                return ReadAddress(node, map) is { } address ? new ControlConfig(address) : null;
        }
    }

    private static ControlConfig? ReadMap(MapReader map)
    {
        var address = map.RequiredNode("address", Remedy) is { } node ? ReadAddress(node, map) : null;
        var name = map.Text("namespace", "write the name of a namespace");
        var token = map.Text("tokenFile", "write the path of a file");
        var roots = map.Text("caFile", "write the path of a PEM file");
        map.End();
        return address is null
            ? null
            : new ControlConfig(
                address,
                name ?? ControlConfig.DefaultNamespace,
                token is null ? null : FilePaths.Resolve(map.Problems.File, token),
                roots is null ? null : FilePaths.Resolve(map.Problems.File, roots)
            );
    }

    private static Uri? ReadAddress(YamlNode node, MapReader map)
    {
        if (map.AsScalar(node, "'control'", Remedy) is not { } scalar)
        {
            return null;
        }

        if (
            Uri.TryCreate(scalar.Text, UriKind.Absolute, out var uri)
            && uri is { Scheme: "http" or "https", Host.Length: > 0, PathAndQuery: "/", UserInfo: "", Fragment: "" }
        )
        {
            return uri;
        }

        map.Problems.Add(
            scalar.Position,
            $"'control' must be the address of a control plane, not {scalar.Noun}",
            Remedy
        );
        return null;
    }
}
