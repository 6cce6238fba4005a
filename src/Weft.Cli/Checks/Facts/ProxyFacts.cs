namespace Weft.Cli.Checks;

/// <summary>What is known of one proxy.</summary>
/// <param name="Address">Its admin address, as it was given.</param>
/// <param name="Answer">To <c>GET /config</c>.</param>
internal sealed record ProxyFacts(string Address, Answer Answer)
{
    public string Target => $"proxy {Address}";

    /// <summary>False where one was only looked for.</summary>
    public bool IsExpected { get; init; } = true;

    /// <summary>What it says of itself; null when it is no proxy, or does not answer.</summary>
    public ProxyPage? Page { get; init; }

    public ClockReading? Clock { get; init; }

    /// <summary>To <c>GET /ready</c>; null when it was not asked.</summary>
    public Answer? Ready { get; init; }

    /// <summary>What <c>/endpoints</c> says; null when it cannot be had.</summary>
    public IReadOnlyList<ClientPage>? Clients { get; init; }

    /// <summary>What <c>/metrics</c> says; null when it cannot be had.</summary>
    public ProxyNumbers? Numbers { get; init; }

    /// <summary>Why further pages cannot be had.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];
}

/// <summary>Metrics of a proxy that a check looks at; null where the proxy does not tell.</summary>
/// <param name="DiscoveryAge">Seconds since all sources could last be read.</param>
/// <param name="Rejected">Configurations that were refused since the start.</param>
/// <param name="MaxFiles">Files and connections that the process may have open.</param>
internal sealed record ProxyNumbers(double? DiscoveryAge, double? Rejected, double? MaxFiles);
