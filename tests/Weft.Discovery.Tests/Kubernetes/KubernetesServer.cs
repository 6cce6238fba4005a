namespace Weft.Discovery.Tests.Kubernetes;

/// <summary>What an API server says, as texts.</summary>
internal static class KubernetesServer
{
    public const string Services = "api/v1/namespaces/shop/services";
    public const string Slices = "apis/discovery.k8s.io/v1/namespaces/shop/endpointslices";

    public static string Service(string name, params (string Name, int Port)[] ports) =>
        $"{{\"metadata\":{{\"name\":\"{name}\",\"resourceVersion\":\"5\"}},\"spec\":{{\"ports\":["
        + string.Join(",", ports.Select(p => $"{{\"name\":\"{p.Name}\",\"port\":{p.Port}}}"))
        + "]}}";

    public static string Slice(string name, string service, string port, int number, params string[] addresses) =>
        $"{{\"metadata\":{{\"name\":\"{name}\",\"resourceVersion\":\"6\",\"labels\":{{\"kubernetes.io/service-name\":\"{service}\"}}}},"
        + $"\"addressType\":\"{(addresses.Any(a => a.Contains(':')) ? "IPv6" : "IPv4")}\","
        + $"\"ports\":[{{\"name\":\"{port}\",\"port\":{number},\"protocol\":\"TCP\"}}],\"endpoints\":["
        + string.Join(",", addresses.Select(Endpoint))
        + "]}";

    public static string List(int version, params string[] items) =>
        $"{{\"metadata\":{{\"resourceVersion\":\"{version}\"}},\"items\":[{string.Join(",", items)}]}}";

    public static string Page(string next, params string[] items) =>
        $"{{\"metadata\":{{\"resourceVersion\":\"9\",\"continue\":\"{next}\"}},\"items\":[{string.Join(",", items)}]}}";

    public static string Event(string type, string item) => $"{{\"type\":\"{type}\",\"object\":{item}}}\n";

    public static string Bookmark(int version) =>
        Event("BOOKMARK", $"{{\"metadata\":{{\"resourceVersion\":\"{version}\"}}}}");

    public static string Error(int code, string message) =>
        Event("ERROR", $"{{\"kind\":\"Status\",\"code\":{code},\"message\":\"{message}\"}}");

    /// <summary><c>!</c> behind an address says that it is not ready, <c>?</c> that nothing is said of that.</summary>
    private static string Endpoint(string address) =>
        $"{{\"addresses\":[\"{address.TrimEnd('!', '?')}\"],\"zone\":\"a\",\"nodeName\":\"n1\""
        + (
            address.EndsWith('?')
                ? "}"
                : $",\"conditions\":{{\"ready\":{(address.EndsWith('!') ? "false" : "true")}}}}}"
        );
}
