using System.Net;
using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

internal static class DnsNamerReader
{
    private const int Port = 53;

    public static NamerSpec? Read(MapReader map, DocumentContext context)
    {
        var defaults = new NamerSpec.Dns();
        var servers = new List<IPEndPoint>();
        foreach (var item in map.List("servers", "write it as [10.0.0.53, \"[fd00::53]:5353\"]"))
        {
            if (map.ReadValue(item, "'servers'", ScalarKinds.Server, out var server))
            {
                servers.Add(server.Port == 0 ? new IPEndPoint(server.Address, Port) : server);
            }
        }
        var read = defaults with
        {
            Servers = [.. servers],
            MinRefresh = map.Value("minRefresh", ScalarKinds.Duration, Ranges.Timeout) ?? defaults.MinRefresh,
            MaxRefresh = map.Value("maxRefresh", ScalarKinds.Duration, Ranges.Timeout) ?? defaults.MaxRefresh,
            Timeout = map.Value("timeout", ScalarKinds.Duration, Ranges.Timeout) ?? defaults.Timeout,
        };
        if (read.MaxRefresh >= read.MinRefresh)
        {
            return read;
        }
        map.Problems.Add(map.Place("maxRefresh"), "'maxRefresh' is less than 'minRefresh'");
        return null;
    }
}
