using System.Collections.Immutable;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary><c>/#/kubernetes/namespace/port/service</c>, the port by its name or by the service's number for it.</summary>
internal sealed class KubernetesScheme : NameScheme<ImmutableDictionary<string, KubernetesService>>
{
    private const int Length = 3;

    public override string? Find(ReadOnlySpan<string> labels, List<NameCandidate> candidates)
    {
        if (labels.Length < Length)
        {
            return null;
        }
        foreach (var label in labels[..Length])
        {
            if (!LabelText.IsStep(label))
            {
                return $"'{label}' cannot be in a name of Kubernetes";
            }
        }
        var key = Uri.EscapeDataString(LabelText.Of(labels[0]));
        candidates.Add(new NameCandidate(Length, key, $"{LabelText.Of(labels[1])}/{LabelText.Of(labels[2])}"));
        return null;
    }

    public override EndpointSet Select(ImmutableDictionary<string, KubernetesService> known, NameCandidate name)
    {
        var slash = name.Part.IndexOf('/', StringComparison.Ordinal);
        return known.TryGetValue(name.Part[(slash + 1)..], out var service)
            ? service.Port(name.Part[..slash])
            : EndpointSet.Neg.Instance;
    }
}
