using Google.Protobuf;
using Weft.Api.Mesh;
using Weft.Naming;

namespace Weft.Control;

/// <summary>Names and endpoints as they are sent. What is not known yet is not sent at all.</summary>
internal static class WireNames
{
    /// <summary>Null while it is pending.</summary>
    public static Resource? Of(NameState state) =>
        state switch
        {
            NameState.Ok ok => new Resource { Binding = new Binding { Tree = TreeOf(ok.Tree.Simplify()) } },
            NameState.Failed failed => new Resource { Binding = new Binding { Failed = failed.Message } },
            _ => null,
        };

    /// <summary>Null while it is pending.</summary>
    public static Resource? Of(EndpointSet set) =>
        set switch
        {
            EndpointSet.Known known => new Resource { Endpoints = new EndpointList { Known = ListOf(known) } },
            EndpointSet.Failed failed => new Resource { Endpoints = new EndpointList { Failed = failed.Message } },
            EndpointSet.Neg => new Resource { Endpoints = new EndpointList { Neg = true } },
            _ => null,
        };

    /// <summary>What became of a list of endpoints.</summary>
    public static EndpointDelta DeltaOf(EndpointSet.Known before, EndpointSet.Known after)
    {
        var known = before.Endpoints.DistinctBy(e => e.Address).ToDictionary(e => e.Address);
        var delta = new EndpointDelta();
        foreach (var endpoint in after.Endpoints)
        {
            if (!known.Remove(endpoint.Address, out var old) || !IsSame(old, endpoint))
            {
                delta.Changed.Add(InfoOf(endpoint));
            }
        }

        delta.Removed.AddRange(known.Values.Select(e => AddressOf(e)));
        return delta;
    }

    private static bool IsSame(Endpoint a, Endpoint b) =>
        a.Weight.Equals(b.Weight) && (a.Metadata == b.Metadata || a.Metadata.SequenceEqual(b.Metadata));

    private static Tree TreeOf(NameTree<BoundName> tree)
    {
        switch (tree)
        {
            case NameTree<BoundName>.Leaf leaf:
                var (id, residual) = (leaf.Value.Id.ToString(), leaf.Value.Residual.ToString());
                return new Tree
                {
                    Leaf = new Leaf { Id = id, Residual = residual },
                };
            case NameTree<BoundName>.Union union:
                var members = union.Members.Select(m => new Member { Weight = m.Weight, Tree = TreeOf(m.Tree) });
                return new Tree { Union = new Union { Members = { members } } };
            case NameTree<BoundName>.Fail:
                return new Tree { Fail = true };
            case NameTree<BoundName>.Empty:
                return new Tree { Empty = true };
            default:
                return new Tree { Neg = true };
        }
    }

    /// <summary>In the order of addresses, so that what is the same is the same bytes.</summary>
    private static Endpoints ListOf(EndpointSet.Known known)
    {
        var infos = known.Endpoints.DistinctBy(e => e.Address).Select(InfoOf).ToList();
        infos.Sort(
            (a, b) =>
            {
                var byAddress = a.Ip.Span.SequenceCompareTo(b.Ip.Span);
                return byAddress != 0 ? byAddress : a.Port.CompareTo(b.Port);
            }
        );
        return new Endpoints { Endpoints_ = { infos } };
    }

    private static EndpointInfo InfoOf(Endpoint endpoint)
    {
        var info = AddressOf(endpoint);
        if (endpoint.Weight is not 1)
        {
            info.Weight = endpoint.Weight;
        }

        foreach (var (key, value) in endpoint.Metadata)
        {
            info.Metadata[key] = value;
        }

        return info;
    }

    private static EndpointInfo AddressOf(Endpoint endpoint) =>
        new()
        {
            Ip = ByteString.CopyFrom(endpoint.Address.Address.GetAddressBytes()),
            Port = (uint)endpoint.Address.Port,
        };
}
