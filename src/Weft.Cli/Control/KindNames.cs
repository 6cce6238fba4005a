namespace Weft.Cli.Control;

/// <summary>The kinds of documents, as people type them.</summary>
internal static class KindNames
{
    // The contract's whole list: what this version cannot read may be in a control plane all the same.
    private static readonly string[] Known =
    [
        "Namer",
        "Dtab",
        "Service",
        "HTTPRoute",
        "GRPCRoute",
        "FaultInjection",
        "AuthorizationPolicy",
        "Identity",
        "RateLimit",
        "Alert",
        "Egress",
    ];

    /// <summary>The kind that is meant, whatever its capitals and also in the plural; a word that is no known kind stays as it is.</summary>
    public static string Full(string word) =>
        Array.Find(Known, k => k.Equals(word, StringComparison.OrdinalIgnoreCase))
        ?? Array.Find(Known, k => $"{k}s".Equals(word, StringComparison.OrdinalIgnoreCase))
        ?? word;
}
