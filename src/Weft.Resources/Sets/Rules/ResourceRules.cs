using Weft.Naming;

namespace Weft.Resources;

/// <summary>What rules have found.</summary>
internal sealed class Findings
{
    public List<Problem> Problems { get; } = [];

    public List<Problem> Warnings { get; } = [];
}

/// <summary>All documents, and the proxy that is to use them, if one is known.</summary>
internal sealed record RuleSubject(IReadOnlyList<Resource> Resources, ProxyConfig? Proxy);

/// <summary>One thing that must hold between documents.</summary>
internal interface IResourceRule
{
    void Check(RuleSubject subject, Findings findings);
}

/// <summary>The list of rules.</summary>
internal static class ResourceRules
{
    private static readonly IResourceRule[] Rules =
    [
        new ListenersFindTheirDtab(),
        new NamerPrefixesAreApart(),
        new WeightsAreNotAllZero(),
        new DtabsCanBind(),
        new DtabsLeadToNamers(),
        new RoutesHaveParents(),
        new RoutesAreOfOneKind(),
        new MatchesAreDistinct(),
        new BackendsHaveDentries(),
    ];

    /// <summary>The documents without those that repeat the name of another.</summary>
    public static IReadOnlyList<Resource> Check(IReadOnlyList<Resource> all, ProxyConfig? proxy, Findings findings)
    {
        var distinct = NamesAreDistinct.Check(all, findings);
        var subject = new RuleSubject(distinct, proxy);
        foreach (var rule in Rules)
        {
            rule.Check(subject, findings);
        }
        return distinct;
    }
}
