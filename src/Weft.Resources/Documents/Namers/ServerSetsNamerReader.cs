using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

internal static class ServerSetsNamerReader
{
    private const int Port = 2181;
    private const string Expected = "write it as [zk1:2181, zk2:2181]";

    private static readonly (TimeSpan, TimeSpan) SessionRange = (TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));

    public static NamerSpec? Read(MapReader map, DocumentContext context)
    {
        var servers = new List<HostAndPort>();
        var isGiven = map.RequiredNode("servers", Expected) is not null;
        foreach (var item in map.List("servers", Expected))
        {
            if (map.ReadValue(item, "'servers'", ScalarKinds.Host, out var server))
            {
                servers.Add(server.Port == 0 ? server with { Port = Port } : server);
            }
        }
        var root = map.Text("root", "write the path of a node, such as /discovery") ?? "";
        var timeout = map.Value("sessionTimeout", ScalarKinds.Duration, SessionRange);
        if (root.Length > 0 && (root[0] != '/' || root.Length == 1 || root.EndsWith('/')))
        {
            map.Problems.Add(map.Place("root"), $"'root' cannot be '{root}'", "write a path such as /discovery");
        }
        if (servers.Count == 0)
        {
            if (isGiven)
            {
                map.Problems.Add(map.Place("servers"), "'servers' names no server", Expected);
            }
            return null;
        }
        var read = new NamerSpec.ServerSets { Servers = [.. servers], Root = root };
        return timeout is null ? read : read with { SessionTimeout = timeout.Value };
    }
}
