using System.Net;

namespace Weft.Resources;

/// <summary>A source of services and how it is asked. Equal when it says the same.</summary>
public abstract record NamerSpec
{
    private NamerSpec() { }

    /// <summary>The word that documents use for it.</summary>
    public abstract string Kind { get; }

    /// <summary>A folder; each file in it is one service.</summary>
    /// <param name="Root">Its full path.</param>
    public sealed record Files(string Root) : NamerSpec
    {
        public override string Kind => "file";
    }

    /// <summary>Records of DNS.</summary>
    public sealed record Dns : NamerSpec
    {
        public override string Kind => "dns";

        /// <summary>Recursive servers in order; when empty, those of the machine.</summary>
        public ValueList<IPEndPoint> Servers { get; init; } = [];

        public TimeSpan MinRefresh { get; init; } = TimeSpan.FromSeconds(1);

        public TimeSpan MaxRefresh { get; init; } = TimeSpan.FromMinutes(5);

        public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);
    }

    /// <summary>The catalogue of Consul.</summary>
    public sealed record Consul : NamerSpec
    {
        public override string Kind => "consul";

        public required HttpBackendSpec Http { get; init; }

        /// <summary>Whether names have a tag between the datacentre and the service.</summary>
        public bool IncludeTag { get; init; }

        public ValueList<HealthState> Health { get; init; } = [HealthState.Passing];

        public Consistency Consistency { get; init; }

        public bool PreferServiceAddress { get; init; } = true;

        public ValueList<TagWeight> Weights { get; init; } = [];
    }

    /// <summary>Server sets in ZooKeeper.</summary>
    public sealed record ServerSets : NamerSpec
    {
        public override string Kind => "serversets";

        public required ValueList<HostAndPort> Servers { get; init; }

        /// <summary>What stands before the path of a name, such as <c>/discovery</c>; empty for the root.</summary>
        public string Root { get; init; } = "";

        public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(10);
    }

    /// <summary>Keys of etcd.</summary>
    public sealed record Etcd : NamerSpec
    {
        public override string Kind => "etcd";

        /// <summary>The members of the cluster, each with the same files.</summary>
        public required ValueList<HttpBackendSpec> Members { get; init; }

        /// <summary>What keys of services begin with; ends with a slash.</summary>
        public required string Root { get; init; }
    }

    /// <summary>Services of Kubernetes.</summary>
    /// <param name="Http">The API server; null for the one that a pod finds in its surroundings.</param>
    public sealed record Kubernetes(HttpBackendSpec? Http) : NamerSpec
    {
        public override string Kind => "kubernetes";
    }
}

/// <summary>How a source that speaks HTTP is reached.</summary>
/// <param name="Address">Scheme, host and port.</param>
/// <param name="TokenFile">The full path of a file with a secret; null for none.</param>
/// <param name="CaFile">The full path of a file of certificates; null for those that the system trusts.</param>
public sealed record HttpBackendSpec(Uri Address, string? TokenFile = null, string? CaFile = null);

/// <summary>A host, or an IP address without brackets, and a port.</summary>
public sealed record HostAndPort(string Host, int Port);

/// <summary>The weight of instances with a tag.</summary>
public sealed record TagWeight(string Tag, double Weight);

/// <summary>States of an instance that Consul checks.</summary>
public enum HealthState
{
    Passing,
    Warning,
    Critical,
}

/// <summary>How much the servers of Consul must agree before one answers.</summary>
public enum Consistency
{
    Default,
    Stale,
    Consistent,
}
