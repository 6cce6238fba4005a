using Weft.Discovery;
using Weft.Naming;
using Weft.Resources;

namespace Weft.Control;

/// <summary>The namers of one namespace, kept while their documents stay the same. They run here, once for all proxies.</summary>
internal sealed class NamespaceNames : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly HostResolver _resolver;
    private readonly Action _onChanged;
    private Dictionary<NamerDocument, FileNamer> _namers = [];

    /// <summary>No namers yet.</summary>
    /// <param name="time">Their clock.</param>
    /// <param name="resolver">For hosts; it stays the caller's.</param>
    /// <param name="onChanged">Called, from any thread, when an answer may have changed.</param>
    public NamespaceNames(TimeProvider time, HostResolver resolver, Action onChanged)
    {
        (_time, _resolver, _onChanged) = (time, resolver, onChanged);
        Endpoints = new CompositeEndpointSource([new InetEndpointSource(resolver)]);
    }

    public INamer Namer { get; private set; } = CompositeNamer.Empty;

    public IEndpointSource Endpoints { get; private set; }

    /// <summary>Starts the namers that are new, and ends those that are no longer asked for.</summary>
    public async Task FollowAsync(IReadOnlyList<NamerDocument> documents)
    {
        var next = new Dictionary<NamerDocument, FileNamer>();
        foreach (var document in documents)
        {
            if (!_namers.Remove(document, out var namer))
            {
                namer = new FileNamer(document.Root, document.Prefix, _time, _resolver);
                namer.Start();
                namer.Changed += _onChanged;
            }

            next[document] = namer;
        }

        var gone = _namers.Values.ToArray();
        _namers = next;
        Namer = new CompositeNamer([.. next.Values.Select(n => (n.Prefix, (INamer)n))]);
        Endpoints = new CompositeEndpointSource([.. next.Values, new InetEndpointSource(_resolver)]);
        foreach (var namer in gone)
        {
            await namer.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var namer in _namers.Values)
        {
            await namer.DisposeAsync();
        }
    }
}
