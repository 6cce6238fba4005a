using Weft.Resources;

namespace Weft.Proxy;

/// <summary>How the requests of one service are served that take one rule of its routes, or that take none because it has no routes. Belongs to a loop.</summary>
/// <param name="Service">What holds for all requests of the service.</param>
/// <param name="Rule">The rule; null without routes.</param>
/// <param name="Timeouts">The service's, with the rule's over them.</param>
/// <param name="Retries">The same; null: only what nobody has looked at is sent again.</param>
internal sealed record CallPolicy(ServicePolicy Service, CompiledRule? Rule, TimeoutsSpec Timeouts, RetryRules? Retries)
{
    /// <summary>Who gets copies of the requests; null when nobody does.</summary>
    public RuleMirrors? Mirrors { get; init; }

    /// <summary>Bytes of a request's body that are kept for another attempt; 0: none beyond what came with the head.</summary>
    public int ReplayBytes => Retries?.ReplayBytes ?? 0;
}
