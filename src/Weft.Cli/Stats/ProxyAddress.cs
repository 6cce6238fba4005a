using Weft.Cli.Invocation;

namespace Weft.Cli.Stats;

/// <summary>The admin address of a proxy, as people write it.</summary>
internal static class ProxyAddress
{
    /// <summary>Where a proxy listens whose file says nothing of it.</summary>
    public const string Default = "127.0.0.1:4191";

    /// <summary>The pages of metrics of some proxies, each once.</summary>
    /// <exception cref="InvalidInputException">An address makes no sense.</exception>
    public static (string Address, Uri Page)[] PagesOf(IEnumerable<string> addresses) =>
        [.. addresses.Distinct(StringComparer.Ordinal).Select(a => (a, PageOf(a)))];

    private static Uri PageOf(string address)
    {
        var text = address.Contains("://", StringComparison.Ordinal) ? address : $"http://{address}";
        return
            Uri.TryCreate(text, UriKind.Absolute, out var uri)
            && uri is { Scheme: "http" or "https", Host.Length: > 0, PathAndQuery: "/" }
            ? new Uri(uri, "/metrics")
            : throw new InvalidInputException($"--proxy cannot be '{address}'; write host:port, such as {Default}");
    }
}
