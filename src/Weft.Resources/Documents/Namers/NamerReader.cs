using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From the spec of a Namer to a <see cref="NamerDocument"/>.</summary>
internal static class NamerReader
{
    private delegate NamerSpec? KindReader(MapReader map, DocumentContext context);

    private static readonly (string, KindReader?)[] Kinds =
    [
        ("file", ReadFiles),
        ("dns", DnsNamerReader.Read),
        ("consul", ConsulNamerReader.Read),
        ("serversets", ServerSetsNamerReader.Read),
        ("etcd", EtcdNamerReader.Read),
        ("kubernetes", KubernetesNamerReader.Read),
    ];

    // Files are written by people who mean what they write; other sources forget.
    private static readonly TimeSpan HoldOfFiles = TimeSpan.Zero;
    private static readonly TimeSpan HoldOfOthers = TimeSpan.FromSeconds(30);

    private static readonly (string, WhenEmpty?)[] WordsForEmpty = [("empty", WhenEmpty.Empty), ("neg", WhenEmpty.Neg)];

    public static Resource? Read(Envelope envelope, YamlNode spec, DocumentContext context)
    {
        if (MapReader.Open(spec, "the spec of a Namer", context.Problems) is not { } map)
        {
            return null;
        }
        var reader = map.RequiredNode("kind", $"write one of {string.Join(", ", Kinds.Select(k => k.Item1))}") is null
            ? null
            : map.Choice("kind", null, Kinds);
        var prefix = ReadPrefix(map, envelope);
        var hold = map.Value("holdMassRemoval", ScalarKinds.Duration, (TimeSpan.Zero, TimeSpan.FromHours(24)));
        var whenEmpty = map.Choice("whenEmpty", null, WordsForEmpty);
        var source = reader?.Invoke(map, context);
        if (reader is not null)
        {
            map.End();
        }
        return source is null || prefix is null
            ? null
            : new NamerDocument
            {
                Name = envelope.Name,
                Labels = envelope.Labels,
                Origin = envelope.Origin,
                Spec = source,
                Prefix = prefix,
                HoldMassRemoval = hold ?? (source is NamerSpec.Files ? HoldOfFiles : HoldOfOthers),
                // The node of a server set outlives its members; it is not there to say that nobody should be called.
                WhenEmpty = whenEmpty ?? (source is NamerSpec.ServerSets ? WhenEmpty.Neg : WhenEmpty.Empty),
            };
    }

    private static NamerSpec.Files? ReadFiles(MapReader map, DocumentContext context)
    {
        const string expected = "write the path of a folder";
        var root = map.RequiredNode("root", expected) is null ? null : map.Text("root", expected);
        return root is null ? null : new NamerSpec.Files(FilePaths.Resolve(context.Problems.File, root));
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
