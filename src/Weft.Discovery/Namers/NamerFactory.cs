using Weft.Resources;

namespace Weft.Discovery;

/// <summary>From what a document says to the namer that does it.</summary>
public static class NamerFactory
{
    /// <summary>A namer that has not been started.</summary>
    /// <param name="document">What it is to do.</param>
    /// <param name="resolver">For hosts that are named in files; it stays the caller's.</param>
    /// <param name="time">The clock of all intervals.</param>
    /// <param name="random">For jitter; used under a lock.</param>
    public static IDiscoveryNamer Create(
        NamerDocument document,
        HostResolver resolver,
        TimeProvider time,
        Random random
    )
    {
        ArgumentNullException.ThrowIfNull(document);
        IDiscoveryNamer namer = document.Spec switch
        {
            NamerSpec.Files files => new FileNamer(files.Root, document.Prefix, time, resolver),
            NamerSpec.Dns dns => DnsNamer.Create(document.Prefix, OptionsOf(dns), time, random),
            NamerSpec.Consul consul => ConsulNamer.Create(document.Prefix, OptionsOf(consul), time, random),
            NamerSpec.ServerSets sets => ServerSetsNamer.Create(document.Prefix, OptionsOf(sets), time, random),
            NamerSpec.Etcd etcd => EtcdNamer.Create(document.Prefix, OptionsOf(etcd), time, random),
            NamerSpec.Kubernetes kubernetes => KubernetesNamer.Create(
                document.Prefix,
                OptionsOf(kubernetes),
                time,
                random
            ),
            _ => throw new ArgumentException($"{document} is of a kind that is not known here", nameof(document)),
        };
        if (document.WhenEmpty == WhenEmpty.Neg)
        {
            namer = new EmptyIsNegNamer(namer);
        }
        return document.HoldMassRemoval > TimeSpan.Zero
            ? new HoldingNamer(namer, document.HoldMassRemoval, time)
            : namer;
    }

    private static DnsNamerOptions OptionsOf(NamerSpec.Dns dns) =>
        new()
        {
            Servers = [.. dns.Servers],
            MinRefresh = dns.MinRefresh,
            MaxRefresh = dns.MaxRefresh,
            Timeout = dns.Timeout,
        };

    private static ConsulNamerOptions OptionsOf(NamerSpec.Consul consul) =>
        new()
        {
            Http = OptionsOf(consul.Http),
            IncludeTag = consul.IncludeTag,
            Health = [.. consul.Health.Select(HealthOf)],
            Consistency = consul.Consistency switch
            {
                Consistency.Stale => ConsulConsistency.Stale,
                Consistency.Consistent => ConsulConsistency.Consistent,
                _ => ConsulConsistency.Default,
            },
            PreferServiceAddress = consul.PreferServiceAddress,
            Weights = [.. consul.Weights.Select(w => (w.Tag, w.Weight))],
        };

    private static ConsulHealth HealthOf(HealthState state) =>
        state switch
        {
            HealthState.Warning => ConsulHealth.Warning,
            HealthState.Critical => ConsulHealth.Critical,
            _ => ConsulHealth.Passing,
        };

    private static ServerSetsOptions OptionsOf(NamerSpec.ServerSets sets) =>
        new()
        {
            Servers = [.. sets.Servers.Select(s => (s.Host, s.Port))],
            Root = sets.Root,
            SessionTimeout = sets.SessionTimeout,
        };

    private static EtcdNamerOptions OptionsOf(NamerSpec.Etcd etcd) =>
        new() { Members = [.. etcd.Members.Select(OptionsOf)], Root = etcd.Root };

    private static KubernetesNamerOptions OptionsOf(NamerSpec.Kubernetes kubernetes) =>
        new()
        {
            Http = kubernetes.Http is { } http
                ? OptionsOf(http)
                : KubernetesNamerOptions.Default(Environment.GetEnvironmentVariable),
        };

    private static BackendHttpOptions OptionsOf(HttpBackendSpec http) =>
        new()
        {
            Address = http.Address,
            TokenFile = http.TokenFile,
            CaFile = http.CaFile,
        };
}
