using Weft.Naming;
using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>From the text of a proxy's file to a <see cref="ProxyConfig"/>.</summary>
internal static class ProxyConfigReader
{
    private static readonly (string, LogLevel)[] Levels =
    [
        ("debug", LogLevel.Debug),
        ("info", LogLevel.Info),
        ("warn", LogLevel.Warn),
        ("error", LogLevel.Error),
    ];

    private static readonly (string, LogFormat)[] Formats = [("text", LogFormat.Text), ("json", LogFormat.Json)];

    public static ProxyConfig? Read(string text, ProblemSink problems)
    {
        var documents = YamlReader.Read(text, problems);
        if (documents.Count == 0)
        {
            if (problems.Count == 0)
            {
                problems.Add(default, "the file is empty", "describe at least one listener under 'listeners'");
            }
            return null;
        }
        if (documents.Count > 1)
        {
            problems.Add(
                documents[1].Position,
                "a proxy's file holds one document only",
                "put Dtab, Service and other documents into the file or folder that 'resources' names"
            );
        }
        return MapReader.Open(documents[0], "a proxy's file", problems) is { } map ? Read(map) : null;
    }

    private static ProxyConfig Read(MapReader map)
    {
        var admin = map.Reference("admin", ScalarKinds.Address) ?? ProxyConfig.DefaultAdmin;
        var workers = map.Int("workers", 0, 0, ProxyConfig.MaxWorkers);
        var resources = map.Text("resources", "write the path of a file or folder");
        var zone = ReadZone(map);
        RefuseControl(map);
        RefuseSnapshot(map);
        var list = map.RequiredNode("listeners", "describe at least one listener");
        var items = map.List("listeners", "begin each listener with '- name:'");
        var drain = map.Value("drain", ScalarKinds.Duration, (TimeSpan.Zero, TimeSpan.FromHours(24)));
        var log = ReadLog(map);
        map.End();

        if (list is YamlSequence && items.Count is 0 or > ProxyConfig.MaxListeners)
        {
            map.Problems.Add(
                map.Place("listeners"),
                $"there are {items.Count} listeners",
                $"describe 1 to {ProxyConfig.MaxListeners}"
            );
        }
        var listeners = items
            .Take(ProxyConfig.MaxListeners)
            .Select(item => ListenerReader.Read(item, map.Problems))
            .OfType<ListenerConfig>()
            .ToArray();
        ListenerRules.Check(admin, listeners, map.Problems);
        return new ProxyConfig
        {
            Admin = admin,
            Workers = workers,
            Resources = resources is null ? null : FilePaths.Resolve(map.Problems.File, resources),
            Zone = zone,
            Listeners = [.. listeners],
            Drain = drain ?? ProxyConfig.DefaultDrain,
            Log = log,
        };
    }

    private static string? ReadZone(MapReader map)
    {
        const string expected = "write the name of a zone, such as eu-west-1a";
        if (map.Scalar("zone", expected) is not { } zone)
        {
            return null;
        }
        if (!EndpointMetadata.IsZone(zone.Text))
        {
            map.Problems.Add(zone.Position, $"'zone' cannot be {zone.Noun}", expected);
        }
        return zone.Text;
    }

    private static void RefuseControl(MapReader map)
    {
        if (map.Scalar("control", "write the address of a control plane") is not { } control)
        {
            return;
        }
        if (!Uri.TryCreate(control.Text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            map.Problems.Add(
                control.Position,
                $"'control' must be the address of a control plane, not {control.Noun}",
                "write it as https://127.0.0.1:4190"
            );
            return;
        }
        map.Problems.Add(
            map.Place("control"),
            "'control' is not supported by this version: it has no control plane yet",
            "remove it, and name a file or folder of documents under 'resources'"
        );
    }

    private static void RefuseSnapshot(MapReader map)
    {
        if (map.Scalar("snapshot", "write the path of a folder") is not null)
        {
            map.Problems.Add(
                map.Place("snapshot"),
                "'snapshot' is not supported by this version: it keeps no state on disk yet",
                "remove it"
            );
        }
    }

    private static LogConfig ReadLog(MapReader map)
    {
        if (map.Map("log") is not { } log)
        {
            return new LogConfig();
        }
        var config = new LogConfig(
            log.Choice("level", LogLevel.Info, Levels),
            log.Choice("format", LogFormat.Text, Formats)
        );
        log.End();
        return config;
    }
}
