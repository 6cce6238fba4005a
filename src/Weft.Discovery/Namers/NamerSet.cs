using Weft.Naming;
using Weft.Resources;

namespace Weft.Discovery;

/// <summary>The namers that a set of documents asks for, kept while their documents stay the same.</summary>
public sealed class NamerSet : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly HostResolver _resolver;
    private readonly Action _onChanged;
    private Dictionary<NamerDocument, IDiscoveryNamer> _namers = [];

    // The same, for those who ask from other threads.
    private KeyValuePair<NamerDocument, IDiscoveryNamer>[] _present = [];

    /// <summary>No namers yet.</summary>
    /// <param name="time">Their clock.</param>
    /// <param name="random">For a seed of their own.</param>
    /// <param name="resolver">For hosts; it stays the caller's.</param>
    /// <param name="onChanged">Called, from any thread, when an answer may have changed.</param>
    public NamerSet(TimeProvider time, Random random, HostResolver resolver, Action onChanged)
    {
        ArgumentNullException.ThrowIfNull(random);
        (_time, _resolver, _onChanged) = (time, resolver, onChanged);
        // Of its own: the resolver uses its own under another lock.
        _random = new Random(random.Next());
        Rebuild();
    }

    public INamer Namer { get; private set; } = CompositeNamer.Empty;

    public IEndpointSource Endpoints { get; private set; } = null!;

    /// <summary>What is wrong with the sources of the namers. Safe from any thread.</summary>
    public IReadOnlyList<Problem> Problems => [.. Volatile.Read(ref _namers).Values.SelectMany(n => n.Problems)];

    /// <summary>How each namer is doing, in the order of names. Safe from any thread.</summary>
    public IReadOnlyList<NamerReport> Reports =>
        [
            .. Volatile
                .Read(ref _present)
                .Select(n => new NamerReport(n.Key, n.Value.Problems, n.Value.FailingFor))
                .OrderBy(r => r.Document.Name, StringComparer.Ordinal),
        ];

    /// <summary>Starts the namers that are new, and gives back those that are no longer asked for: to be disposed of when nobody uses them.</summary>
    public IReadOnlyList<IDiscoveryNamer> Replace(IReadOnlyList<NamerDocument> documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        var left = new Dictionary<NamerDocument, IDiscoveryNamer>(_namers);
        var next = new Dictionary<NamerDocument, IDiscoveryNamer>();
        foreach (var document in documents)
        {
            if (!left.Remove(document, out var namer))
            {
                namer = NamerFactory.Create(document, _resolver, _time, _random);
                namer.Start();
                // Nobody has asked it anything yet, so what it has found so far is no news.
                namer.Changed += _onChanged;
            }

            next[document] = namer;
        }

        // Replaced whole: whoever reads it meanwhile has one or the other.
        Volatile.Write(ref _namers, next);
        Rebuild();
        return [.. left.Values];
    }

    /// <summary>
    /// Namers for documents that are not in force: those that run already, and others that are started for the occasion. Not at the same time as
    /// <see cref="Replace"/>.
    /// </summary>
    public NamerTrial Try(IEnumerable<NamerDocument> documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        var running = new Dictionary<NamerDocument, IDiscoveryNamer>();
        var started = new Dictionary<NamerDocument, IDiscoveryNamer>();
        foreach (var document in documents.Distinct())
        {
            if (_namers.TryGetValue(document, out var namer))
            {
                running.Add(document, namer);
                continue;
            }

            namer = NamerFactory.Create(document, _resolver, _time, _random);
            started.Add(document, namer);
            namer.Start();
        }

        return new NamerTrial(running, started, new InetEndpointSource(_resolver));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var namer in _namers.Values)
        {
            await namer.DisposeAsync();
        }
    }

    private void Rebuild()
    {
        Volatile.Write(ref _present, [.. _namers]);
        Namer = new CompositeNamer([.. _namers.Values.Select(n => (n.Prefix, (INamer)n))]);
        Endpoints = new CompositeEndpointSource([.. _namers.Values, new InetEndpointSource(_resolver)]);
    }
}
