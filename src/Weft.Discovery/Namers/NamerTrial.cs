using Weft.Naming;
using Weft.Resources;

namespace Weft.Discovery;

/// <summary>The namers of sets of documents that are looked at and not in force. Those that run for others anyhow are used, and stay theirs.</summary>
public sealed class NamerTrial : IAsyncDisposable
{
    private readonly Dictionary<NamerDocument, IDiscoveryNamer> _running;
    private readonly Dictionary<NamerDocument, IDiscoveryNamer> _started;
    private readonly IEndpointSource _hosts;

    internal NamerTrial(
        Dictionary<NamerDocument, IDiscoveryNamer> running,
        Dictionary<NamerDocument, IDiscoveryNamer> started,
        IEndpointSource hosts
    ) => (_running, _started, _hosts) = (running, started, hosts);

    /// <summary>The namers and endpoints of one set.</summary>
    /// <param name="documents">Some of those that the trial was begun with.</param>
    public (INamer Namer, IEndpointSource Endpoints) Of(IReadOnlyList<NamerDocument> documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        IDiscoveryNamer[] namers = [.. documents.Select(d => _running.TryGetValue(d, out var n) ? n : _started[d])];
        return (
            new CompositeNamer([.. namers.Select(n => (n.Prefix, (INamer)n))]),
            new CompositeEndpointSource([.. namers, _hosts])
        );
    }

    /// <summary>Ends the namers that were started for the occasion.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var namer in _started.Values)
        {
            await namer.DisposeAsync();
        }
    }
}
