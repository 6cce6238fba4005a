using Weft.Api.Documents;

namespace Weft.Cli.Checks;

/// <summary>What is known of one control plane.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Answer">To <c>GET /api/v1/status</c>; null when it was not asked because its certificate is not accepted.</param>
internal sealed record ControlFacts(Uri Address, Answer? Answer)
{
    public string Target => $"control {Address.Authority}";

    /// <summary>False where one was only looked for.</summary>
    public bool IsExpected { get; init; } = true;

    /// <summary>The only namespace that is looked at; null for all.</summary>
    public string? Namespace { get; init; }

    /// <summary>What it says of itself; null when it is no control plane, or does not answer.</summary>
    public ControlStatus? Status { get; init; }

    public ClockReading? Clock { get; init; }

    /// <summary>The connected proxies; null when they cannot be had.</summary>
    public IReadOnlyList<ProxyInfo>? Proxies { get; init; }

    /// <summary>Where it speaks TLS: who it says it is. Null where it does not, or could not be asked.</summary>
    public CertificateFacts? Certificate { get; init; }

    /// <summary>Why further pages cannot be had.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];
}

/// <summary>A certificate and those between it and its root.</summary>
/// <param name="Subject">Whose.</param>
/// <param name="NotBefore">When all of them are valid.</param>
/// <param name="NotAfter">When the first of them expires.</param>
/// <param name="IsNameRight">Whether it is for the host that was asked.</param>
/// <param name="Faults">Why nobody vouches for it, its dates apart; empty when somebody does.</param>
internal sealed record CertificateFacts(
    string Subject,
    DateTimeOffset NotBefore,
    DateTimeOffset NotAfter,
    bool IsNameRight,
    IReadOnlyList<string> Faults
)
{
    /// <summary>Whether it is accepted at a time.</summary>
    public bool IsAcceptedAt(DateTimeOffset now) =>
        IsNameRight && Faults.Count == 0 && NotBefore <= now && now < NotAfter;
}
