using System.Collections.Immutable;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>
/// Several sources as one: the first that does not say neg answers. A source says neg of names that are none of its own.
/// </summary>
public sealed class CompositeEndpointSource(ImmutableArray<IEndpointSource> sources) : IEndpointSource
{
    public EndpointSet Endpoints(Naming.Path concreteName)
    {
        foreach (var source in sources)
        {
            if (source.Endpoints(concreteName) is not EndpointSet.Neg and var answer)
            {
                return answer;
            }
        }
        return EndpointSet.Neg.Instance;
    }
}
