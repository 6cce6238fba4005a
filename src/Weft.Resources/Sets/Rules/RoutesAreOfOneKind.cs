namespace Weft.Resources;

/// <summary>A service has routes of one kind: beside a GRPCRoute, its HTTPRoutes do nothing, which is a warning.</summary>
internal sealed class RoutesAreOfOneKind : IResourceRule
{
    public void Check(RuleSubject subject, Findings findings)
    {
        var first = new Dictionary<string, GrpcRouteDocument>(StringComparer.Ordinal);
        foreach (var route in subject.Resources.OfType<GrpcRouteDocument>())
        {
            foreach (var parent in route.Parents)
            {
                first.TryAdd(parent, route);
            }
        }
        foreach (var route in subject.Resources.OfType<HttpRouteDocument>())
        {
            foreach (var parent in route.Parents)
            {
                if (first.TryGetValue(parent, out var other))
                {
                    findings.Warnings.Add(
                        route.Origin.Problem(
                            $"{route} does nothing for the Service '{parent}': {other} at {other.Origin} routes it, and the two kinds are not mixed",
                            "write all rules of a service into routes of one kind"
                        )
                    );
                }
            }
        }
    }
}
