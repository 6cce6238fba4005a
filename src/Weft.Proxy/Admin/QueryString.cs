namespace Weft.Proxy;

/// <summary>The parameters of a URL (application/x-www-form-urlencoded).</summary>
internal static class QueryString
{
    /// <summary>Names and values, decoded; of a name that stands more than once, the last.</summary>
    public static IReadOnlyDictionary<string, string> Read(string query)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = pair.Split('=', 2);
            values[Decode(parts[0])] = parts.Length == 2 ? Decode(parts[1]) : "";
        }

        return values;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
