using Weft.Resources.Yaml;

namespace Weft.Resources;

internal static class KubernetesNamerReader
{
    public static NamerSpec? Read(MapReader map, DocumentContext context)
    {
        var http = HttpBackendReader.Read(map, "https://kubernetes.default.svc");
        if (map.Has("address"))
        {
            return new NamerSpec.Kubernetes(http);
        }
        foreach (var key in (string[])["tokenFile", "caFile"])
        {
            if (map.Has(key))
            {
                map.Problems.Add(
                    map.Place(key),
                    $"'{key}' needs 'address'",
                    "write the API server's address, or leave both out inside a cluster"
                );
            }
        }
        return new NamerSpec.Kubernetes(Http: null);
    }
}
