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
        var control = ControlReader.Read(map);
        var snapshot = map.Text("snapshot", "write the path of a folder");
        CheckSources(map);
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
            Control = control,
            Snapshot = snapshot is null ? null : FilePaths.Resolve(map.Problems.File, snapshot),
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

    /// <summary>Documents come from files or from a control plane; only what comes from there needs to be kept.</summary>
    private static void CheckSources(MapReader map)
    {
        if (map.Has("control"))
        {
            map.Refuse(
                "resources",
                "and 'control' exclude each other: documents come from one place",
                "remove one of them; 'weft apply -f' brings files to a control plane"
            );
        }
        else
        {
            map.Refuse("snapshot", "keeps what a control plane has said, and there is no 'control'", "remove it");
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
