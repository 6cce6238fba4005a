using System.Collections.Immutable;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary><c>/#/etcd/service</c>, or <c>/#/etcd/shop/web</c> for a service of several steps; the longest that exists counts.</summary>
internal sealed class EtcdScheme : NameScheme<ImmutableDictionary<string, EndpointSet.Known>>
{
    /// <summary>The one watch that knows all.</summary>
    public const string Key = "";

    private const int MaxDepth = 16;

    public override string? Find(ReadOnlySpan<string> labels, List<NameCandidate> candidates)
    {
        var steps = new List<string>();
        foreach (var label in labels[..Math.Min(labels.Length, MaxDepth)])
        {
            if (!LabelText.IsStep(label))
            {
                break;
            }
            steps.Add(LabelText.Of(label));
            candidates.Add(new NameCandidate(steps.Count, Key, string.Join('/', steps)));
        }
        candidates.Reverse();
        return null;
    }

    public override EndpointSet Select(ImmutableDictionary<string, EndpointSet.Known> known, NameCandidate name) =>
        known.TryGetValue(name.Part, out var endpoints) ? endpoints : EndpointSet.Neg.Instance;
}
