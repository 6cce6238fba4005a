using Weft.Naming;

namespace Weft.Discovery;

/// <summary>
/// <c>/#/serversets/discovery/prod/web</c> is the node of that path, <c>.../web:admin</c> the endpoints that its members call so. The longest path
/// that is a server set counts; the rest is residual.
/// </summary>
internal sealed class ServerSetsScheme(string root) : NameScheme<ServerSet>
{
    /// <summary>Of a path, as many labels count; each may cost a watch.</summary>
    private const int MaxDepth = 16;

    public override string? Find(ReadOnlySpan<string> labels, List<NameCandidate> candidates)
    {
        var steps = new List<string>();
        var found = new List<NameCandidate>();
        foreach (var label in labels[..Math.Min(labels.Length, MaxDepth)])
        {
            var text = LabelText.Of(label);
            var colon = text.LastIndexOf(':');
            var node = colon > 0 ? text[..colon] : text;
            if (!LabelText.IsStep(label) || node.Length == 0 || node is "." or "..")
            {
                break;
            }
            var name = colon > 0 ? text[(colon + 1)..] : "";
            found.Add(new NameCandidate(steps.Count + 1, $"{root}/{string.Join('/', [.. steps, node])}", name));
            steps.Add(text);
        }
        found.Reverse();
        candidates.AddRange(found);
        return null;
    }

    public override EndpointSet Select(ServerSet known, NameCandidate name) => known.Named(name.Part);
}
