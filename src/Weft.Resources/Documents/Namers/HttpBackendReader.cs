using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>Keys that all sources that speak HTTP have: <c>address</c>, <c>tokenFile</c>, <c>caFile</c>.</summary>
internal static class HttpBackendReader
{
    public static HttpBackendSpec Read(MapReader map, string defaultAddress)
    {
        var address = map.Reference("address", ScalarKinds.HttpAddress) ?? new Uri(defaultAddress);
        return new HttpBackendSpec(address, ReadFile(map, "tokenFile"), ReadFile(map, "caFile"));
    }

    private static string? ReadFile(MapReader map, string key) =>
        map.Text(key, "write the path of a file") is { } path ? FilePaths.Resolve(map.Problems.File, path) : null;
}
