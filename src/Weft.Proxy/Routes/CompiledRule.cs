using Weft.Resilience;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>A rule of a route, ready to be followed. Immutable; all loops share it.</summary>
internal sealed class CompiledRule
{
    private readonly CompiledBackend[] _backends;
    private readonly WeightedChoice? _choice;

    /// <summary>Compiles a rule that the readers have let pass.</summary>
    /// <param name="route">The document that it stands in.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="service">What holds where the rule says nothing.</param>
    /// <param name="index">Its place among the rules of the table.</param>
    public CompiledRule(RouteDocument route, RouteRule rule, ServiceSpec service, int index)
    {
        Index = index;
        Label = rule.Name is null ? route.Name : $"{route.Name}/{rule.Name}";
        var taking = rule.Backends.Where(b => b.Weight > 0).ToArray();
        _backends = rule.Backends.Count == 0 ? [CompiledBackend.Self] : [.. taking.Select(b => new CompiledBackend(b))];
        _choice = taking.Length > 1 ? new WeightedChoice([.. taking.Select(b => (double)b.Weight)]) : null;
        RequestHeaders = HeaderEdit.Of(rule.Filters.RequestHeaders);
        ResponseHeaders = HeaderEdit.Of(rule.Filters.ResponseHeaders);
        Redirect = rule.Filters.Redirect is { } redirect ? new RedirectAnswer(redirect, rule) : null;
        Rewrite = rule.Filters.Rewrite is { } rewrite ? new RequestRewrite(rewrite, rule) : null;
        Mirrors = [.. rule.Filters.Mirrors.Select(m => new CompiledMirror(m))];
        Timeouts = service.Timeouts with
        {
            Request = Over(rule.RequestTimeout, service.Timeouts.Request),
            Attempt = Over(rule.BackendRequestTimeout, service.Timeouts.Attempt),
        };
        Retries = rule.Retry is null ? service.Retries : rule.Retry.Over(service.Retries);
    }

    /// <summary>Its place in <see cref="RouteTable.Rules"/>, for what a loop keeps per rule.</summary>
    public int Index { get; }

    /// <summary>The <c>route</c> label: the document's name, and the rule's if it has one. As many as people have written.</summary>
    public string Label { get; }

    /// <summary>At least one, all with a share of the requests.</summary>
    public IReadOnlyList<CompiledBackend> Backends => _backends;

    public HeaderEdit? RequestHeaders { get; }

    public HeaderEdit? ResponseHeaders { get; }

    /// <summary>When there is one, requests are answered with it.</summary>
    public RedirectAnswer? Redirect { get; }

    public RequestRewrite? Rewrite { get; }

    public IReadOnlyList<CompiledMirror> Mirrors { get; }

    /// <summary>The service's, with the rule's over them.</summary>
    public TimeoutsSpec Timeouts { get; }

    /// <summary>The service's, with the rule's over them; null: calls are not retried.</summary>
    public RetriesSpec? Retries { get; }

    /// <summary>The index in <see cref="Backends"/> of the one that a request goes to.</summary>
    public int Choose(LoopRandom random) => _choice?.Pick(random) ?? 0;

    /// <summary>Zero is without limit, which is how a route lifts that of its service.</summary>
    private static TimeSpan? Over(TimeSpan? stated, TimeSpan? service) =>
        stated is null ? service
        : stated == TimeSpan.Zero ? null
        : stated;
}
