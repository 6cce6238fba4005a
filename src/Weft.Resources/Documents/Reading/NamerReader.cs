using Weft.Resources.Yaml;

namespace Weft.Resources;

internal static class NamerReader
{
    private static readonly (string, bool)[] Kinds = [("file", true)];

    public static Resource? Read(Envelope envelope, YamlNode spec, DocumentContext context)
    {
        if (MapReader.Open(spec, "the spec of a Namer", context.Problems) is not { } map)
        {
            return null;
        }
        if (map.RequiredNode("kind", "write file") is not null)
        {
            map.Choice("kind", false, Kinds);
        }
        const string expected = "write the path of a folder";
        var root = map.RequiredNode("root", expected) is null ? null : map.Text("root", expected);
        var prefix = ReadPrefix(map, envelope);
        map.End();
        return root is null || prefix is null
            ? null
            : new NamerDocument
            {
                Name = envelope.Name,
                Labels = envelope.Labels,
                Origin = envelope.Origin,
                Root = FilePaths.Resolve(context.Problems.File, root),
                Prefix = prefix,
            };
    }

    private static Naming.Path? ReadPrefix(MapReader map, Envelope envelope)
    {
        var expected = $"write a path below /#/, such as /#/{envelope.Name}";
        if (map.Scalar("prefix", expected) is not { } scalar)
        {
            return Naming.Path.Of("#", envelope.Name);
        }
        if (Naming.Path.TryParse(scalar.Text, out var path, out _) && path.Length >= 2 && path[0] == "#")
        {
            return path;
        }
        map.Problems.Add(scalar.Position, $"'prefix' cannot be {scalar.Noun}", expected);
        return null;
    }
}
