using System.Collections.Immutable;
using System.Net;
using Weft.Api.Mesh;
using Weft.Naming;

namespace Weft.Proxy;

/// <summary>What a control plane sends, as the proxy's own values.</summary>
internal static class WireContent
{
    /// <summary>More than the weights that people write add up to; sums of such weights stay finite.</summary>
    private const double MaxWeight = 1e15;

    /// <summary>The binding of a resource.</summary>
    /// <exception cref="FormatException">It makes no sense; says why.</exception>
    public static NameState StateOf(Resource resource) =>
        resource.ContentCase switch
        {
            Resource.ContentOneofCase.Absent => NameState.Neg,
            Resource.ContentOneofCase.Refused => new NameState.Failed(resource.Refused),
            Resource.ContentOneofCase.Binding => resource.Binding.StateCase switch
            {
                Weft.Api.Mesh.Binding.StateOneofCase.Tree => new NameState.Ok(TreeOf(resource.Binding.Tree)),
                Weft.Api.Mesh.Binding.StateOneofCase.Failed => new NameState.Failed(resource.Binding.Failed),
                _ => throw new FormatException("a binding that says nothing"),
            },
            _ => throw new FormatException($"a binding cannot be {resource.ContentCase}"),
        };

    /// <summary>The endpoints of a resource.</summary>
    /// <exception cref="FormatException">It makes no sense; says why.</exception>
    public static EndpointSet EndpointsOf(Resource resource) =>
        resource.ContentCase switch
        {
            Resource.ContentOneofCase.Absent => EndpointSet.Neg.Instance,
            Resource.ContentOneofCase.Refused => new EndpointSet.Failed(resource.Refused),
            Resource.ContentOneofCase.Endpoints => resource.Endpoints.StateCase switch
            {
                EndpointList.StateOneofCase.Known => new EndpointSet.Known(Distinct(resource.Endpoints.Known)),
                EndpointList.StateOneofCase.Failed => new EndpointSet.Failed(resource.Endpoints.Failed),
                EndpointList.StateOneofCase.Neg => EndpointSet.Neg.Instance,
                _ => throw new FormatException("endpoints that say nothing"),
            },
            _ => throw new FormatException($"endpoints cannot be {resource.ContentCase}"),
        };

    private static ImmutableArray<Endpoint> Distinct(Endpoints known)
    {
        var addresses = new HashSet<IPEndPoint>(known.Endpoints_.Count);
        var endpoints = ImmutableArray.CreateBuilder<Endpoint>(known.Endpoints_.Count);
        foreach (var endpoint in known.Endpoints_.Select(EndpointOf))
        {
            if (!addresses.Add(endpoint.Address))
            {
                throw new FormatException($"the endpoint {endpoint.Address} twice");
            }

            endpoints.Add(endpoint);
        }

        return endpoints.MoveToImmutable();
    }

    private static NameTree<BoundName> TreeOf(Tree? tree) =>
        tree?.KindCase switch
        {
            Tree.KindOneofCase.Leaf => new NameTree<BoundName>.Leaf(
                new BoundName(PathOf(tree.Leaf.Id), PathOf(tree.Leaf.Residual))
            ),
            Tree.KindOneofCase.Union => new NameTree<BoundName>.Union([.. tree.Union.Members.Select(MemberOf)]),
            Tree.KindOneofCase.Neg => NameTree<BoundName>.Neg.Instance,
            Tree.KindOneofCase.Fail => NameTree<BoundName>.Fail.Instance,
            Tree.KindOneofCase.Empty => NameTree<BoundName>.Empty.Instance,
            _ => throw new FormatException("a tree that says nothing"),
        };

    private static Weighted<BoundName> MemberOf(Member member) =>
        IsWeight(member.Weight)
            ? new Weighted<BoundName>(member.Weight, TreeOf(member.Tree))
            : throw new FormatException($"a weight of {member.Weight}");

    private static bool IsWeight(double weight) => weight is >= 0 and <= MaxWeight;

    private static Naming.Path PathOf(string text) =>
        Naming.Path.TryParse(text, out var path, out _) ? path : throw new FormatException($"'{text}' is no path");

    private static Endpoint EndpointOf(EndpointInfo info)
    {
        var weight = info.HasWeight ? info.Weight : 1;
        if (info.Ip.Length is not (4 or 16) || info.Port is 0 or > 65535 || !IsWeight(weight))
        {
            throw new FormatException(
                $"an endpoint with {info.Ip.Length} bytes of address, port {info.Port} and weight {weight}"
            );
        }

        return new Endpoint(new IPEndPoint(new IPAddress(info.Ip.Span), (int)info.Port), weight)
        {
            Metadata = info.Metadata.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
    }
}
