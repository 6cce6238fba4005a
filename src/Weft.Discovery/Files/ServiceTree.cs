using System.Collections.Immutable;

namespace Weft.Discovery;

/// <summary>The services of a folder by the labels of their names. Immutable; a change copies one path of nodes.</summary>
internal sealed class ServiceTree
{
    public static readonly ServiceTree Empty = new(null, ImmutableDictionary<string, ServiceTree>.Empty);

    private readonly ImmutableDictionary<string, ServiceTree> _children;

    private ServiceTree(ServiceEntry? service, ImmutableDictionary<string, ServiceTree> children)
    {
        Service = service;
        _children = children;
    }

    public ServiceEntry? Service { get; }

    /// <summary>The service whose name is the longest beginning of the labels; null when there is none.</summary>
    public ServiceEntry? LongestMatch(ReadOnlySpan<string> labels)
    {
        var node = this;
        var match = Service;
        foreach (var label in labels)
        {
            if (!node._children.TryGetValue(label, out node))
            {
                break;
            }
            match = node.Service ?? match;
        }
        return match;
    }

    /// <summary>The service of just these labels.</summary>
    public ServiceEntry? Find(ReadOnlySpan<string> labels)
    {
        var node = this;
        foreach (var label in labels)
        {
            if (!node._children.TryGetValue(label, out node))
            {
                return null;
            }
        }
        return node.Service;
    }

    /// <summary>The tree with one service put in its place, or taken out when null.</summary>
    public ServiceTree With(ReadOnlySpan<string> labels, ServiceEntry? service)
    {
        if (labels.IsEmpty)
        {
            return new ServiceTree(service, _children);
        }
        var child = _children.GetValueOrDefault(labels[0], Empty).With(labels[1..], service);
        return new ServiceTree(
            Service,
            child.Service is null && child._children.IsEmpty
                ? _children.Remove(labels[0])
                : _children.SetItem(labels[0], child)
        );
    }
}
