using Weft.Naming;

namespace Weft.Discovery;

/// <summary>The endpoints of the names that hold a host and a port themselves: <c>/$/inet/host/port</c> and its kin.</summary>
public sealed class InetEndpointSource(HostResolver resolver) : IEndpointSource
{
    /// <summary>Neg for a name that is none of these, and for a host that does not exist.</summary>
    public EndpointSet Endpoints(Naming.Path concreteName)
    {
        if (!InetEndpoints.TryParse(concreteName, out var host, out var port))
        {
            return EndpointSet.Neg.Instance;
        }
        return resolver.Lookup(host, InetEndpoints.ResolvesOnce(concreteName)) switch
        {
            HostAnswer.Known known => known.On(port),
            HostAnswer.Neg => EndpointSet.Neg.Instance,
            HostAnswer.Failed failed => new EndpointSet.Failed(failed.Message),
            _ => EndpointSet.Pending.Instance,
        };
    }
}
