using Weft.Discovery;
using Weft.Naming;
using Weft.Resources;
using Weft.Telemetry;

namespace Weft.Control;

/// <summary>
/// What names mean in each namespace: its documents, its namers. A namespace's namers start when somebody asks for it first,
/// and follow its documents from then on.
/// </summary>
internal sealed class NameBook : IAsyncDisposable
{
    private readonly DocumentService _documents;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Log _log;
    private readonly HostResolver _resolver;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private Dictionary<string, Page> _pages = new(StringComparer.Ordinal);

    public NameBook(DocumentService documents, TimeProvider time, Random random, Log log)
    {
        (_documents, _time, _log) = (documents, time, log);
        // Of its own, and asked for under the gate: the resolver uses the other one under its own lock.
        _random = new Random(random.Next());
        _resolver = new HostResolver(HostResolver.AskPlatform, time, random);
        _resolver.Changed += Tell;
        documents.Store.Changed += OnStore;
    }

    /// <summary>Raised, from any thread, when an answer may have changed.</summary>
    public event Action? Changed;

    /// <summary>A namespace's documents and namers as they are now.</summary>
    public async Task<NameSources> OpenAsync(string ns, CancellationToken stop)
    {
        if (Volatile.Read(ref _pages).TryGetValue(ns, out var known))
        {
            return known.Sources;
        }

        await _gate.WaitAsync(stop);
        try
        {
            if (_pages.TryGetValue(ns, out known))
            {
                return known.Sources;
            }

            var page = new Page(ns, this);
            await page.FollowAsync(_documents.ModelOf(_documents.Store.View.Namespace(ns)));
            Volatile.Write(ref _pages, new Dictionary<string, Page>(_pages, StringComparer.Ordinal) { [ns] = page });
            return page.Sources;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Namers for documents of a namespace that are not written yet, or not any more, beside those that run.</summary>
    public async Task<NamerTrial> TryAsync(string ns, IEnumerable<NamerDocument> documents, CancellationToken stop)
    {
        await OpenAsync(ns, stop);
        await _gate.WaitAsync(stop);
        try
        {
            return _pages[ns].Names.Try(documents);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>How the namers of a namespace are doing; null while nobody has asked for one of its names.</summary>
    public IReadOnlyList<NamerReport>? Reports(string ns) =>
        Volatile.Read(ref _pages).GetValueOrDefault(ns)?.Names.Reports;

    public async ValueTask DisposeAsync()
    {
        _documents.Store.Changed -= OnStore;
        await _gate.WaitAsync();
        foreach (var page in _pages.Values)
        {
            await page.Names.DisposeAsync();
        }

        await _resolver.DisposeAsync();
        _gate.Dispose();
    }

    // Not awaited: it catches all that can go wrong, and the store must not wait for namers to end.
    private void OnStore(StoreView view) => _ = FollowAsync(view);

    private async Task FollowAsync(StoreView view)
    {
        try
        {
            await _gate.WaitAsync();
        }
        catch (ObjectDisposedException)
        {
            return; // The book is closed.
        }

        try
        {
            foreach (var (ns, page) in _pages)
            {
                // Calls may overtake each other: what counts is what the store says now.
                var now = _documents.Store.View.Namespace(ns);
                if (now != page.Sources.Model.View)
                {
                    await page.FollowAsync(_documents.ModelOf(now));
                }
            }
        }
        catch (Exception error)
        {
            _log.Error("namers do not follow the documents", ("revision", view.Revision), ("exception", error));
        }
        finally
        {
            _gate.Release();
        }

        Tell();
    }

    private void Tell() => Changed?.Invoke();

    private sealed class Page
    {
        private readonly NameBook _book;
        private readonly NamerSet _names;
        private readonly SourceReport _report;
        private NameSources _sources = null!;

        public Page(string ns, NameBook book)
        {
            _book = book;
            _names = new NamerSet(book._time, book._random, book._resolver, OnNames);
            _report = new SourceReport(ns, () => _names.Problems, book._log);
        }

        public NamerSet Names => _names;

        public NameSources Sources => Volatile.Read(ref _sources);

        public async Task FollowAsync(NamespaceModel model)
        {
            var gone = _names.Replace(model.Set.Namers);
            // Those that are gone have no problems any more.
            _report.Wake();
            Volatile.Write(ref _sources, new NameSources(model, _names.Namer, _names.Endpoints));
            foreach (var namer in gone)
            {
                await namer.DisposeAsync();
            }
        }

        private void OnNames()
        {
            _report.Wake();
            _book.Tell();
        }
    }
}

/// <summary>What a name is looked up with.</summary>
internal sealed record NameSources(NamespaceModel Model, INamer Namer, IEndpointSource Endpoints)
{
    public ResourceSet Set => Model.Set;

    /// <summary>
    /// Whether there is a namer for a name, or there may have been one that was removed. Where there never was one, that the name does
    /// not exist is no answer for those who know it: the store may be a new one, in the place of one that was lost.
    /// </summary>
    public bool Vouches(Naming.Path path)
    {
        // Asked for every name that is watched, whenever anything changes: without an object for each.
        var namers = Set.Namers;
        for (var i = 0; i < namers.Count; i++)
        {
            if (path.StartsWith(namers[i].Prefix))
            {
                return true;
            }
        }

        return Model.View.HasRemoved(NamerDocument.KindName);
    }
}
