using System.Collections.Immutable;

namespace Weft.Naming;

/// <summary>One concrete name that a name is bound to, with what is known of its endpoints.</summary>
/// <param name="Name">The concrete name and the residual.</param>
/// <param name="Share">The share of requests that go there, 0 to 1.</param>
/// <param name="Endpoints">What the namer or the name service says.</param>
public sealed record ResolvedName(BoundName Name, double Share, EndpointSet Endpoints)
{
    /// <summary>Its endpoints, as far as they are known.</summary>
    public ImmutableArray<Endpoint> Known => (Endpoints as EndpointSet.Known)?.Endpoints ?? [];

    /// <summary>What is known: <c>known</c>, <c>empty</c>, <c>neg</c>, <c>pending</c> or <c>failed</c>.</summary>
    public string State =>
        Endpoints switch
        {
            EndpointSet.Known { Endpoints.IsEmpty: true } => "empty",
            EndpointSet.Known => "known",
            EndpointSet.Neg => "neg",
            EndpointSet.Pending => "pending",
            _ => "failed",
        };

    /// <summary>Why its endpoints cannot be told; null unless that failed.</summary>
    public string? Message => (Endpoints as EndpointSet.Failed)?.Message;

    /// <summary>The concrete names of an outcome; none when it is not bound. A share that is kept empty has no name.</summary>
    public static IReadOnlyList<ResolvedName> Of(NameState bound, IEndpointSource endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var names = new List<ResolvedName>();
        if (bound is NameState.Ok ok)
        {
            Collect(ok.Tree.Simplify(), 1, endpoints, names);
        }

        return names;
    }

    private static void Collect(
        NameTree<BoundName> tree,
        double share,
        IEndpointSource endpoints,
        List<ResolvedName> names
    )
    {
        if (tree is NameTree<BoundName>.Leaf leaf)
        {
            names.Add(new ResolvedName(leaf.Value, share, endpoints.Endpoints(leaf.Value.Id)));
        }
        else if (tree is NameTree<BoundName>.Union union)
        {
            var sum = union.Members.Sum(m => m.Weight);
            foreach (var (weight, member) in union.Members)
            {
                Collect(member, sum > 0 ? share * weight / sum : 0, endpoints, names);
            }
        }
    }
}
