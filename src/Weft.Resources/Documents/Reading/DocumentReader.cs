using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From one YAML document to a <see cref="Resource"/>.</summary>
internal static class DocumentReader
{
    private delegate Resource? SpecReader(Envelope envelope, YamlNode spec, DocumentContext context);

    private static readonly (string, SpecReader?)[] Kinds =
    [
        (NamerDocument.KindName, NamerReader.Read),
        (DtabDocument.KindName, DtabReader.Read),
        (ServiceDocument.KindName, ServiceReader.Read),
        (HttpRouteDocument.KindName, RouteSpecReader.ReadHttp),
        (GrpcRouteDocument.KindName, RouteSpecReader.ReadGrpc),
        (FaultInjectionDocument.KindName, FaultInjectionReader.Read),
        // Kinds of later versions, so that nobody takes them for misspellings.
        ("AuthorizationPolicy", null),
        ("Identity", null),
        ("RateLimit", null),
        ("Alert", null),
        ("Egress", null),
    ];

    private static readonly string Supported = string.Join(
        ", ",
        Kinds.Where(k => k.Item2 is not null).Select(k => k.Item1)
    );

    /// <summary>Null when there was a problem with it: a document counts whole or not at all.</summary>
    public static Resource? Read(YamlNode node, DocumentContext context)
    {
        var problems = context.Problems;
        var before = problems.Count;
        if (MapReader.Open(node, "a document", problems) is not { } map)
        {
            return null;
        }
        CheckApiVersion(map);
        var reader = ReadKind(map);
        var envelope = ReadEnvelope(map, reader == ServiceReader.Read);
        var spec = map.RequiredNode("spec", "write what the document says under 'spec'");
        map.End();
        if (reader is null || spec is null)
        {
            return null;
        }
        // A document without a usable name is read on all the same: its other errors are found in the same run.
        envelope ??= new Envelope("unnamed", [], map.Origin);
        var resource = reader(envelope, spec, context);
        return problems.Count == before ? resource : null;
    }

    private static void CheckApiVersion(MapReader map)
    {
        if (
            map.Scalar("apiVersion", $"write {Resource.ApiVersion}") is { } version
            && version.Text != Resource.ApiVersion
        )
        {
            map.Problems.Add(
                version.Position,
                $"{version.Noun} is not a version that is read here",
                $"write {Resource.ApiVersion}"
            );
        }
    }

    private static SpecReader? ReadKind(MapReader map)
    {
        if (map.RequiredNode("kind", $"write {Supported}") is null)
        {
            return null;
        }
        var before = map.Problems.Count;
        var reader = map.Choice("kind", null, Kinds);
        if (reader is null && map.Problems.Count == before)
        {
            var kind = map.Text("kind", "");
            map.Problems.Add(
                map.Place("kind"),
                $"kind {kind} is not supported by this version",
                $"remove the document; supported are {Supported}"
            );
        }
        return reader;
    }

    private static Envelope? ReadEnvelope(MapReader map, bool isService)
    {
        const string remedy = "write 'metadata: {name: NAME}'";
        if (map.RequiredNode("metadata", remedy) is not { } node)
        {
            return null;
        }
        if (MapReader.Open(node, "'metadata'", map.Problems) is not { } metadata)
        {
            return null;
        }
        var scalar = metadata.AsScalar(metadata.RequiredNode("name", remedy), "'name'", remedy);
        var labels = ReadLabels(metadata);
        metadata.End();
        if (scalar is null)
        {
            return null;
        }
        var valid = isService
            ? DocumentName.CheckPattern(scalar, map.Problems)
            : DocumentName.Check(scalar, "'name'", DocumentName.Plain, map.Problems);
        return valid ? new Envelope(scalar.Text, labels, map.Origin) : null;
    }

    private static ValueList<Label> ReadLabels(MapReader metadata)
    {
        const string expected = "write labels as key: value";
        switch (metadata.Node("labels"))
        {
            case null:
                return [];
            case YamlMapping map:
                var labels = new List<Label>();
                foreach (var entry in map.Entries)
                {
                    if (metadata.AsScalar(entry.Value, $"label '{entry.Key.Text}'", expected) is { } value)
                    {
                        labels.Add(new Label(entry.Key.Text, value.Text));
                    }
                }
                labels.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
                return [.. labels];
            case var other:
                metadata.Problems.Add(other.Position, $"'labels' must be a mapping, not {other.Noun}", expected);
                return [];
        }
    }
}
