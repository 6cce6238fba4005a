namespace Weft.Resources;

/// <summary>The Services that a route names as its parents are there; if not, that is a warning.</summary>
internal sealed class RoutesHaveParents : IResourceRule
{
    public void Check(RuleSubject subject, Findings findings)
    {
        var services = subject
            .Resources.OfType<ServiceDocument>()
            .Select(s => s.Name)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var route in subject.Resources.OfType<HttpRouteDocument>())
        {
            foreach (var parent in route.Parents)
            {
                if (!services.Contains(parent))
                {
                    findings.Warnings.Add(
                        route.Origin.Problem($"{route} is for the Service '{parent}', and there is no such document")
                    );
                }
            }
        }
    }
}
