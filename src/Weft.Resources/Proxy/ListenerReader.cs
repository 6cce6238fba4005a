using System.Net;
using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From one item of <c>listeners</c> to a <see cref="ListenerConfig"/>.</summary>
internal static class ListenerReader
{
    private static readonly (string, ListenerKind?)[] Kinds =
    [
        ("outbound", ListenerKind.Outbound),
        ("inbound", ListenerKind.Inbound),
    ];

    private static readonly (string, ListenerProtocol)[] Protocols =
    [
        ("auto", ListenerProtocol.Auto),
        ("http", ListenerProtocol.Http),
        ("http1", ListenerProtocol.Http1),
        ("http2", ListenerProtocol.Http2),
        ("tcp", ListenerProtocol.Tcp),
    ];

    private static readonly (TimeSpan, TimeSpan) TimeoutRange = (TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(24));

    /// <summary>Null, with problems, when it has no name, kind or address to be called by.</summary>
    public static ListenerConfig? Read(YamlNode node, ProblemSink problems)
    {
        if (MapReader.Open(node, "a listener", problems) is not { } map)
        {
            return null;
        }
        var name = ReadName(map);
        var kind = ReadKind(map);
        var address = map.RequiredNode("address", ScalarKinds.Address.Expected) is null
            ? null
            : map.Reference("address", ScalarKinds.Address);
        var protocol = map.Choice("protocol", ListenerProtocol.Auto, Protocols);
        var identifiers = ReadIdentifiers(map);
        var dtab = map.Text("dtab", "write the name of a Dtab document");
        var service = ReadService(map);
        var to = map.Reference("to", ScalarKinds.Address);
        var trust = ReadNetworks(map, "trust", ListenerConfig.DefaultTrust, "trusts nobody");
        var proxyProtocol = ReadNetworks(map, "proxyProtocol", [], "reads it from nobody");
        var limits = ReadLimits(map);
        var timeouts = ReadTimeouts(map);
        ListenerKeys.Check(map, kind, protocol, to);
        map.End();

        return name is null || kind is null || address is null
            ? null
            : new ListenerConfig
            {
                Name = name,
                Kind = kind.Value,
                Address = address,
                Protocol = protocol,
                Identifiers =
                    kind == ListenerKind.Inbound ? []
                    : identifiers.Length == 0 ? [new Identifier.Host()]
                    : [.. identifiers],
                Dtab = dtab,
                Service = service,
                To = to,
                Trust = trust,
                ProxyProtocol = proxyProtocol,
                Limits = limits,
                Timeouts = timeouts,
                Origin = map.Origin,
            };
    }

    private static string? ReadName(MapReader map)
    {
        const string remedy = "give it a name that is unique in this file, such as outbound";
        return
            map.AsScalar(map.RequiredNode("name", remedy), "'name'", remedy) is { } scalar
            && DocumentName.Check(scalar, "'name'", DocumentName.Plain, map.Problems)
            ? scalar.Text
            : null;
    }

    private static ListenerKind? ReadKind(MapReader map) =>
        map.RequiredNode("kind", "write outbound (route by name) or inbound (hand to the local application)") is null
            ? null
            : map.Choice("kind", null, Kinds);

    private static Identifier[] ReadIdentifiers(MapReader map)
    {
        var nodes = map.Node("identifier") switch
        {
            null => [],
            YamlSequence { Items.Count: > 0 } list => list.Items,
            var single => [single],
        };
        return
        [
            .. nodes
                .Select(node => map.AsScalar(node, "'identifier'", Identifier.Expected))
                .OfType<YamlScalar>()
                .Select(scalar => ReadIdentifier(scalar, map.Problems))
                .OfType<Identifier>(),
        ];
    }

    private static Identifier? ReadIdentifier(YamlScalar scalar, ProblemSink problems)
    {
        if (Identifier.TryParse(scalar.Text, out var identifier))
        {
            return identifier;
        }
        problems.Add(scalar.Position, $"{scalar.Noun} is not an identifier", Identifier.Expected);
        return null;
    }

    private static string? ReadService(MapReader map) =>
        map.Scalar("service", "write the name that this proxy serves") is { } scalar
        && DocumentName.Check(scalar, "'service'", DocumentName.Logical, map.Problems)
            ? scalar.Text
            : null;

    private static ValueList<IPNetwork> ReadNetworks(
        MapReader map,
        string key,
        ValueList<IPNetwork> fallback,
        string none
    )
    {
        if (!map.Has(key))
        {
            _ = map.Node(key);
            return fallback;
        }
        var networks = new List<IPNetwork>();
        foreach (var item in map.List(key, $"write it as [127.0.0.0/8, 10.0.0.0/8]; [] {none}"))
        {
            if (map.ReadValue(item, $"'{key}'", ScalarKinds.Network, out var network))
            {
                networks.Add(network);
            }
        }
        return [.. networks];
    }

    // What the HTTP engine can hold of one head; beyond it every connection would fail.
    private const int MostHeaderBytes = 192 * 1024;
    private const int MostHeaders = 1000;
    private const int MostStreams = 10_000;

    private static ListenerLimits ReadLimits(MapReader map)
    {
        var defaults = new ListenerLimits();
        if (map.Map("limits") is not { } limits)
        {
            return defaults;
        }
        var read = new ListenerLimits(
            (int)(limits.Value("headerBytes", ScalarKinds.Size, (1024, MostHeaderBytes)) ?? defaults.HeaderBytes),
            limits.Int("headerCount", defaults.HeaderCount, 1, MostHeaders),
            (int)(
                limits.Value("requestLineBytes", ScalarKinds.Size, (256, MostHeaderBytes)) ?? defaults.RequestLineBytes
            ),
            limits.Int("connections", defaults.Connections, 1, 1_000_000),
            limits.Int("streams", defaults.Streams, 1, MostStreams)
        );
        limits.End();
        return read;
    }

    private static ListenerTimeouts ReadTimeouts(MapReader map)
    {
        var defaults = new ListenerTimeouts();
        if (map.Map("timeouts") is not { } timeouts)
        {
            return defaults;
        }
        var read = new ListenerTimeouts
        {
            Detect = timeouts.Value("detect", ScalarKinds.Duration, TimeoutRange) ?? defaults.Detect,
            Header = timeouts.Value("header", ScalarKinds.Duration, TimeoutRange) ?? defaults.Header,
            Idle = timeouts.Value("idle", ScalarKinds.Duration, TimeoutRange) ?? defaults.Idle,
        };
        timeouts.End();
        return read;
    }
}
