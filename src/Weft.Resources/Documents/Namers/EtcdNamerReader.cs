using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

internal static class EtcdNamerReader
{
    private const string DefaultAddress = "http://127.0.0.1:2379";
    private const string DefaultRoot = "/weft/services/";

    public static NamerSpec? Read(MapReader map, DocumentContext context)
    {
        var addresses = new List<Uri>();
        foreach (var item in map.List("servers", $"write it as [{DefaultAddress}]"))
        {
            if (map.ReadValue(item, "'servers'", ScalarKinds.HttpAddress, out var address))
            {
                addresses.Add(address);
            }
        }
        if (addresses.Count == 0)
        {
            addresses.Add(new Uri(DefaultAddress));
        }
        var root = map.Text("root", $"write what keys of services begin with, such as {DefaultRoot}") ?? DefaultRoot;
        var files = HttpBackendReader.ReadFiles(map);
        return new NamerSpec.Etcd
        {
            Members = [.. addresses.Select(address => files with { Address = address })],
            Root = root.EndsWith('/') ? root : root + "/",
        };
    }
}
