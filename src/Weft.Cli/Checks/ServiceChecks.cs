namespace Weft.Cli.Checks;

/// <summary>Whether every name that proxies use has an endpoint that may be called.</summary>
internal static class ServiceChecks
{
    private const string ReadyState = "ready";

    private const string ProbingState = "probing";

    public static IEnumerable<Finding> Of(MeshFacts facts) =>
        facts.Proxies.Where(p => p.Clients is not null).SelectMany(p => Of(p.Target, p.Clients!));

    private static IEnumerable<Finding> Of(string target, IReadOnlyList<ClientPage> clients)
    {
        var findings = clients.Select(c => Of(target, c)).OfType<Finding>().ToArray();
        return findings.Length > 0 ? FindingList.Bounded(findings)
            : clients.Count == 0 ? [Finding.Ok(CheckNames.Services, target, "no name is in use")]
            : [Finding.Ok(CheckNames.Services, target, $"ready endpoints for all names in use ({clients.Count})")];
    }

    /// <summary>Null when all is well.</summary>
    private static Finding? Of(string target, ClientPage client)
    {
        var endpoints = client.Endpoints ?? [];
        if (endpoints.Any(e => e.State == ReadyState))
        {
            return null;
        }

        var what = $"{client.Direction} {client.Client}";
        if (endpoints.Count == 0)
        {
            return Finding.Error(
                CheckNames.Services,
                target,
                $"{what} has no endpoints: requests fail with no-endpoints",
                "start the service and see that it registers; 'weft resolve' shows what its source says"
            );
        }

        var whys = endpoints.Select(e => e.Why).OfType<string>().Distinct(StringComparer.Ordinal).Take(3).ToArray();
        return new Finding(
            CheckNames.Services,
            target,
            endpoints.Any(e => e.State == ProbingState) ? FindingStatus.Warning : FindingStatus.Error,
            $"{what} has {FindingList.Counted(endpoints.Count, "endpoint")} and none is ready"
                + (whys.Length > 0 ? $": {string.Join("; ", whys)}" : ""),
            client.Direction == "inbound"
                ? "see that the application runs and listens at 'to' of the proxy's file"
                : "see whether the service is up; one that recovers is tried again by itself"
        );
    }
}
