using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>The Services that routes and faults name as their parents are there; if not, that is a warning.</summary>
internal sealed class RoutesHaveParents : IResourceRule
{
    public void Check(RuleSubject subject, Findings findings)
    {
        var services = subject.Resources.OfType<ServiceDocument>().ToArray();
        var index = new PatternIndex<ServiceDocument>([.. services.Select(s => (s.Name, s))]);
        foreach (var resource in subject.Resources)
        {
            var parents = resource switch
            {
                RouteDocument route => route.Parents,
                FaultInjectionDocument fault => fault.Parents,
                _ => [],
            };
            foreach (var parent in parents.Where(p => !IsThere(p, services, index)))
            {
                var near = NearestKey.Find(parent, services.Select(s => s.Name));
                findings.Warnings.Add(
                    resource.Origin.Problem(
                        $"{resource} is for the Service '{parent}', and there is no such document",
                        near is null ? null : $"did you mean '{near}'?"
                    )
                );
            }
        }
    }

    /// <summary>A name is there when a document is for it, with or without <c>*</c>; a pattern also when a document is for a part of it.</summary>
    private static bool IsThere(string parent, ServiceDocument[] services, PatternIndex<ServiceDocument> index) =>
        index.Find(parent.AsSpan().TrimEnd('*')) is not null
        || (
            parent.EndsWith('*')
            && Array.Exists(services, s => s.Stem.StartsWith(parent[..^1], StringComparison.Ordinal))
        );
}
