using Weft.Resources.Scalars;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>Keys that all sources that speak HTTP have: <c>address</c>, <c>tokenFile</c>, <c>caFile</c>.</summary>
internal static class HttpBackendReader
{
    public static HttpBackendSpec Read(MapReader map, string defaultAddress)
    {
        var address = map.Reference("address", ScalarKinds.HttpAddress) ?? new Uri(defaultAddress);
        return ReadFiles(map) with { Address = address };
    }

    /// <summary>The files alone; the address is left for the caller to fill in.</summary>
    public static HttpBackendSpec ReadFiles(MapReader map) =>
        new(new Uri("http://127.0.0.1"), ReadFile(map, "tokenFile"), ReadFile(map, "caFile"));

    private static string? ReadFile(MapReader map, string key) =>
        map.Text(key, "write the path of a file") is { } path ? FilePaths.Resolve(map.Problems.File, path) : null;
}
