using Weft.Http;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>The faults of one service; a request meets the most specific one, which is found as routes are. Immutable; all loops share it.</summary>
internal sealed class FaultTable
{
    private readonly MatchIndex<CompiledFault> _index;

    /// <summary>Compiles the faults of a service.</summary>
    /// <param name="documents">In alphabetical order, as <see cref="ResourceSet.FaultsOf"/> gives them.</param>
    public FaultTable(IReadOnlyList<FaultInjectionDocument> documents)
    {
        var matches = new List<CompiledMatch<CompiledFault>>();
        foreach (var document in documents)
        {
            var fault = new CompiledFault(document);
            var written = document.Matches.Count > 0 ? document.Matches : [RouteMatch.All];
            matches.AddRange(written.Select(m => new CompiledMatch<CompiledFault>(m, fault)));
        }

        _index = new MatchIndex<CompiledFault>(matches);
    }

    /// <summary>
    /// The fault that a request may meet; null when it meets none. The path is compared as it stands: routes, where there are any, have put it into
    /// its canonical form before. Allocates nothing.
    /// </summary>
    public CompiledFault? Find(RequestHead head)
    {
        var target = new TargetParts(head.Path);
        return _index.Find(head, target.Path, target.Query);
    }
}
