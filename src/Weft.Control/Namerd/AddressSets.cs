using System.Collections.Immutable;
using Weft.Naming;

namespace Weft.Control;

/// <summary>The endpoints of all that a name is bound to, as one set.</summary>
internal static class AddressSets
{
    public static EndpointSet Of(NameState state, IEndpointSource endpoints)
    {
        if (state is NameState.Failed failed)
        {
            return new EndpointSet.Failed(failed.Message);
        }

        if (state is not NameState.Ok ok)
        {
            return EndpointSet.Pending.Instance;
        }

        var sets =
            ok.Tree.Simplify() is NameTree<BoundName>.Empty
                ? [EndpointSet.Known.Empty]
                : (ok.Tree.Evaluate() ?? []).Select(n => endpoints.Endpoints(n.Id)).ToArray();
        var known = sets.OfType<EndpointSet.Known>().ToArray();
        return known.Length > 0
            ? new EndpointSet.Known([.. known.SelectMany(k => k.Endpoints).Distinct()])
            : sets.FirstOrDefault(s => s is not EndpointSet.Neg) ?? EndpointSet.Neg.Instance;
    }
}
