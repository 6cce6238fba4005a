using Weft.Discovery;
using Weft.Naming;
using Weft.Resources;
using Weft.Telemetry;

namespace Weft.Proxy;

/// <summary>
/// Watches the proxy's file, its documents and its namers, and makes one world after the other out of them. A change that is not valid is refused
/// and reported; the world that was stays. One task does all of it, so that worlds come one at a time.
/// </summary>
internal sealed class WorldKeeper : IAsyncDisposable
{
    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(10);

    private readonly TimeProvider _time;
    private readonly Log _log;
    private readonly PendingChanges _pending = new();
    private readonly FileWatch _configWatch;
    private readonly HostResolver _resolver;
    private readonly NamerSet _namers;
    private readonly CancellationTokenSource _stop = new();
    private readonly Rejections _rejections;
    private readonly Random _random;
    private readonly ProxyMetrics _metrics;
    private IDocumentSource _documents;
    private IControlSource? _control;
    private bool _isHeard = true;
    private IReadOnlyList<Problem> _configProblems = [];
    private IReadOnlyList<Problem> _documentProblems = [];
    private IReadOnlyList<Problem> _seenProblems = [];
    private DateTimeOffset _loadedAt;

    // Of the documents that the present world was made of.
    private int _generation;
    private Task _keeping = Task.CompletedTask;
    private ConfigStatus _status;
    private DateTimeOffset? _staleSince;

    private WorldKeeper(string file, TimeProvider time, Random random, Log log, ProxyMetrics metrics)
    {
        _time = time;
        _log = log;
        _rejections = new Rejections(time, log, metrics);
        _random = random;
        _metrics = metrics;
        _configWatch = new FileWatch(file, time);
        _documents = new FileDocuments(null, time, _pending);
        // Chance of its own: it is asked on other threads.
        _resolver = new HostResolver(HostResolver.AskPlatform, time, new Random(random.Next()));
        _resolver.Changed += _pending.OnNames;
        _namers = new NamerSet(time, random, _resolver, _pending.OnNames);
        _status = new ConfigStatus(time.GetUtcNow(), [], [], null);
        World = null!;
    }

    /// <summary>The latest world.</summary>
    public World World { get; private set; }

    public string File => _configWatch.Path;

    public ConfigStatus Status => Volatile.Read(ref _status);

    /// <summary>The control plane that documents and names come from; null when they come from files.</summary>
    public IControlSource? Control => _control;

    /// <summary>How the namers of this proxy are doing; none where names are the control plane's affair.</summary>
    public IReadOnlyList<NamerReport> Namers => _namers.Reports;

    /// <summary>Whether there is nothing to serve by yet: the control plane has never answered, and nothing was saved of an earlier run.</summary>
    public bool IsWaiting => !Volatile.Read(ref _isHeard);

    /// <summary>Since when a source cannot be read, reached or understood; null when all is well.</summary>
    public DateTimeOffset? StaleSince =>
        (Status.StaleSince, _control?.StaleSince) switch
        {
            ({ } here, { } there) => here < there ? here : there,
            var (here, there) => here ?? there,
        };

    /// <summary>
    /// Reads everything for the first time. A proxy does not start with an invalid file or invalid documents; a namer's bad file only leaves that
    /// name without endpoints.
    /// </summary>
    public static async Task<(WorldKeeper? Keeper, IReadOnlyList<Problem> Problems)> OpenAsync(
        string file,
        ProxyConfig config,
        TimeProvider time,
        Random random,
        Log log,
        ProxyMetrics metrics
    )
    {
        var keeper = new WorldKeeper(file, time, random, log, metrics);
        var problems = keeper.Load(config);
        if (problems.Count > 0)
        {
            await keeper.DisposeAsync();
            return (null, problems);
        }

        return (keeper, []);
    }

    /// <summary>
    /// Goes on watching. <paramref name="publish"/> hands a new world to the loops.
    /// </summary>
    public void Start(Prepare prepare, Action<World> publish)
    {
        _configWatch.Changed += OnConfigFile;
        _configWatch.Start();
        _keeping = KeepAsync(prepare, publish);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _configWatch.DisposeAsync();
        await _keeping;
        await _documents.DisposeAsync();
        await _namers.DisposeAsync();
        await _resolver.DisposeAsync();
        _pending.Dispose();
        _stop.Dispose();
    }

    private IReadOnlyList<Problem> Load(ProxyConfig config)
    {
        if (OpenSource(config) is { } unusable)
        {
            return [unusable];
        }

        var unreadable = _documents.ReadAll();
        if (unreadable.Count > 0)
        {
            return unreadable;
        }

        var (set, problems) = _documents.Parse(config);
        // What a control plane has said must not keep a proxy from starting: the author is told, and the rest is in force.
        if (_control is null && (set is null || problems.Count > 0))
        {
            return problems;
        }

        _documentProblems = problems;
        World = WorldOf(1, config, set ?? ResourceSet.Empty).World;
        _generation = _documents.Generation;
        _loadedAt = _time.GetUtcNow();
        _documents.Watch();
        if (_control is null)
        {
            // Of what a control plane has not told yet, nothing is missing.
            Warn(World.Resources);
        }

        UpdateStatus();
        return [];
    }

    private Problem? OpenSource(ProxyConfig config)
    {
        if (config.Control is null)
        {
            _documents = new FileDocuments(config.Resources, _time, _pending);
            return null;
        }

        try
        {
            // Chance of its own: it is asked on other threads.
            _control = RemoteControl.Open(
                config,
                () => World?.Config ?? config,
                _pending,
                _metrics,
                _time,
                new Random(_random.Next()),
                _log
            );
            _documents = _control;
            _isHeard = false;
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Problem(File, 0, 0, $"'control': {error.Message.TrimEnd('.')}");
        }
    }

    /// <summary>A world of these documents, and the namers that it has no use for any more. With a control plane, names are its affair.</summary>
    private (World World, IReadOnlyList<IDiscoveryNamer> Gone) WorldOf(
        long version,
        ProxyConfig config,
        ResourceSet resources
    )
    {
        if (_control is { } control)
        {
            return (new World(version, config, resources, control.Namer, control.EndpointsWith(_namers.Endpoints)), []);
        }

        var gone =
            World is null || !ReferenceEquals(World.Resources, resources) ? _namers.Replace(resources.Namers) : [];
        return (new World(version, config, resources, _namers.Namer, _namers.Endpoints), gone);
    }

    private async Task KeepAsync(Prepare prepare, Action<World> publish)
    {
        try
        {
            while (true)
            {
                var taken = await _pending.TakeAsync(_stop.Token);
                var before = World;
                try
                {
                    await TakeAsync(taken, prepare, publish);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // A defect of ours must not end the watch: the next change may be taken well.
                    _log.Error("a change of the configuration was not taken", ("exception", e));
                }

                if (taken.Heard)
                {
                    Volatile.Write(ref _isHeard, true);
                }

                UpdateStatus();
                if (!ReferenceEquals(World, before))
                {
                    // Every name is bound anew in a new world: hosts that are resolved one after the other make one of it, not hundreds.
                    await Task.Delay(s_settle, _time, _stop.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task TakeAsync(PendingChanges.Taken taken, Prepare prepare, Action<World> publish)
    {
        var hasNewTexts = _documents.Take(taken.Documents);
        var offered = taken.Config is { } text ? ReadConfig(text) : null;
        var offer = offered is null || Equals(offered, World.Config) ? null : Examine(offered, prepare);
        var resources = offer?.Set ?? World.Resources;
        if (offer is not null)
        {
            Report(offer.Problems, taken.Documents.Keys);
            await MoveToAsync(offer.Documents);
        }
        else if (hasNewTexts)
        {
            var (set, problems) = _documents.Parse(World.Config);
            Report(problems, taken.Documents.Keys);
            resources = set is null || _documents.Generation == _generation ? resources : set;
        }

        var hasNewDocuments = !ReferenceEquals(resources, World.Resources);
        if (offer is null && !hasNewDocuments && !taken.Names)
        {
            return; // A file was touched, or only a refused change was made.
        }

        var config = offer?.Config ?? World.Config;
        if (config.Log.Level != World.Config.Log.Level)
        {
            _log.Level = ProxyServer.LevelOf(config.Log.Level);
        }

        (World, var gone) = WorldOf(World.Version + 1, config, resources);
        _generation = hasNewDocuments ? _documents.Generation : _generation;
        _loadedAt = _time.GetUtcNow();
        publish(World);
        offer?.Commit();
        if (hasNewDocuments)
        {
            Warn(resources);
        }

        foreach (var namer in gone)
        {
            await namer.DisposeAsync();
        }
    }

    /// <summary>The file's new content; null when it is refused.</summary>
    private ProxyConfig? ReadConfig(string text)
    {
        var (config, problems) = ProxyConfig.Parse(text, File);
        if (config is not null)
        {
            problems = ImmovableParts.Compare(File, config, World.Config);
        }

        _configProblems = problems;
        _rejections.Add(problems);
        return problems.Count == 0 ? config : null;
    }

    /// <summary>
    /// Whether a new file can come into force, with the documents that it names and the addresses that it asks for: all of it or nothing.
    /// </summary>
    private Offer? Examine(ProxyConfig config, Prepare prepare)
    {
        var documents = _documents;
        IReadOnlyList<Problem> unreadable = [];
        if (config.Resources != World.Config.Resources)
        {
            documents = new FileDocuments(config.Resources, _time, _pending);
            unreadable = documents.ReadAll();
        }

        var (set, problems) = documents.Parse(config);
        problems = [.. unreadable, .. problems];
        // Of a folder that is watched already, bad files count with their last good text; a new one must be sound, as at the start.
        if (set is null || (problems.Count > 0 && documents != _documents))
        {
            _configProblems = problems;
            _rejections.Add(problems);
            return null;
        }

        var (refused, commit) = prepare(config);
        if (refused is not null)
        {
            _configProblems = [refused];
            _rejections.Add(_configProblems);
            return null;
        }

        return new Offer(config, documents, set, problems, commit);
    }

    private async Task MoveToAsync(IDocumentSource documents)
    {
        if (documents != _documents)
        {
            await _documents.DisposeAsync();
            _documents = documents;
            _documents.Watch();
        }
    }

    /// <summary>Notes what is wrong with the documents, and reports what was not known or was written again.</summary>
    private void Report(IReadOnlyList<Problem> problems, IEnumerable<string> written)
    {
        var known = _documentProblems;
        _documentProblems = problems;
        _rejections.Add([.. problems.Where(p => written.Contains(p.File) || !known.Contains(p))]);
    }

    private void OnConfigFile(FileChanges changes)
    {
        foreach (var file in changes.Changed)
        {
            _pending.OnConfig(FileDocuments.TextOf(file));
        }

        _pending.OnLooked();
    }

    private void Warn(ResourceSet set)
    {
        foreach (var warning in set.Warnings)
        {
            _log.Warn("document", ("warning", warning.ToString()));
        }
    }

    private void UpdateStatus()
    {
        Problem[] seen = [.. _configWatch.Problems, .. _documents.Problems, .. _namers.Problems];
        _rejections.Add([.. seen.Except(_seenProblems)]);
        _seenProblems = seen;
        Problem[] problems = [.. _configProblems.Union(_documentProblems).Union(seen)];
        _staleSince = problems.Length == 0 ? null : _staleSince ?? _time.GetUtcNow();
        Volatile.Write(ref _status, new ConfigStatus(_loadedAt, problems, _rejections.Latest, _staleSince));
    }

    /// <summary>A file that can come into force.</summary>
    private sealed record Offer(
        ProxyConfig Config,
        IDocumentSource Documents,
        ResourceSet Set,
        IReadOnlyList<Problem> Problems,
        Action Commit
    );
}

/// <summary>
/// Makes sure that the listeners can become what a new file says, or says why not. <c>Commit</c> makes them so, once the world is the present one.
/// </summary>
internal delegate (Problem? Refused, Action Commit) Prepare(ProxyConfig config);
