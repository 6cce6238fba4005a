using System.Text;
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
    private const int RejectionsKept = 16;

    private readonly TimeProvider _time;
    private readonly Log _log;
    private readonly ProxyMetrics _metrics;
    private readonly PendingChanges _pending = new();
    private readonly DocumentTexts _documents = new();
    private readonly FileWatch _configWatch;
    private readonly NamerSet _namers;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<ConfigRejection> _rejections = [];
    private FileWatch? _documentWatch;
    private IReadOnlyList<Problem> _configProblems = [];
    private IReadOnlyList<Problem> _documentProblems = [];
    private IReadOnlyList<Problem> _reportedNamerProblems = [];
    private Task _keeping = Task.CompletedTask;
    private ConfigStatus _status;
    private DateTimeOffset? _staleSince;

    private WorldKeeper(string file, TimeProvider time, Random random, Log log, ProxyMetrics metrics)
    {
        _time = time;
        _log = log;
        _metrics = metrics;
        _configWatch = new FileWatch(file, time);
        _namers = new NamerSet(time, random, _pending.OnNames);
        _status = new ConfigStatus(time.GetUtcNow(), [], [], null);
        World = null!;
    }

    /// <summary>The latest world.</summary>
    public World World { get; private set; }

    public string File => _configWatch.Path;

    public ConfigStatus Status => Volatile.Read(ref _status);

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
    /// Goes on watching. <paramref name="apply"/> makes the listeners what a new file says and answers null, or leaves them as they are and says
    /// why not; <paramref name="publish"/> hands a new world to the loops.
    /// </summary>
    public void Start(Func<World, Problem?> apply, Action<World> publish)
    {
        _configWatch.Changed += OnConfigFile;
        _configWatch.Start();
        _keeping = KeepAsync(apply, publish);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _configWatch.DisposeAsync();
        if (_documentWatch is not null)
        {
            await _documentWatch.DisposeAsync();
        }

        await _keeping;
        await _namers.DisposeAsync();
        _pending.Dispose();
        _stop.Dispose();
    }

    private IReadOnlyList<Problem> Load(ProxyConfig config)
    {
        if (config.Resources is { } path)
        {
            var (texts, unreadable) = ResourceFolder.Read(path);
            if (unreadable.Count > 0)
            {
                return unreadable;
            }

            foreach (var (name, text) in texts)
            {
                _documents.Set(name, text);
            }
        }

        var (set, problems) = _documents.Read(config);
        if (set is null || problems.Count > 0)
        {
            return problems;
        }

        _namers.Replace(set.Namers);
        World = new World(1, config, set, _namers.Namer, _namers.Endpoints);
        WatchDocuments(config.Resources);
        ReportNamers();
        Warn(set);
        UpdateStatus();
        return [];
    }

    private async Task KeepAsync(Func<World, Problem?> apply, Action<World> publish)
    {
        try
        {
            while (true)
            {
                var taken = await _pending.TakeAsync(_stop.Token);
                try
                {
                    await TakeAsync(taken, apply, publish);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    // A defect of ours must not end the watch: the next change may be taken well.
                    _log.Error("a change of the configuration was not taken", ("exception", e));
                }

                UpdateStatus();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async Task TakeAsync(PendingChanges.Taken taken, Func<World, Problem?> apply, Action<World> publish)
    {
        var config = World.Config;
        if (taken.Config is { } text)
        {
            config = TakeConfig(text) ?? config;
        }

        if (config.Resources != World.Config.Resources)
        {
            await MoveDocumentsAsync(config);
        }

        foreach (var (file, content) in taken.Documents)
        {
            _documents.Set(file, content);
        }

        var resources = World.Resources;
        if (taken.Documents.Count > 0 || !Equals(config, World.Config))
        {
            (var set, var problems) = _documents.Read(config);
            _documentProblems = problems;
            Reject(problems);
            if (set is not null)
            {
                resources = set;
                Warn(set);
            }
        }

        var isSame = Equals(config, World.Config) && ReferenceEquals(resources, World.Resources);
        if (isSame && !taken.Names)
        {
            return; // A file was touched, or only a refused change was made.
        }

        var gone = ReferenceEquals(resources, World.Resources) ? [] : _namers.Replace(resources.Namers);
        var next = new World(World.Version + 1, config, resources, _namers.Namer, _namers.Endpoints);
        if (!Equals(config, World.Config) && apply(next) is { } refused)
        {
            _configProblems = [refused];
            Reject(_configProblems);
            next = next with { Config = World.Config };
        }

        World = next;
        publish(next);
        ReportNamers();
        foreach (var namer in gone)
        {
            await namer.DisposeAsync();
        }
    }

    /// <summary>The file's new content; null when it is refused.</summary>
    private ProxyConfig? TakeConfig(string text)
    {
        var (config, problems) = ProxyConfig.Parse(text, File);
        if (config is not null)
        {
            problems = ImmovableParts(config);
        }

        _configProblems = problems;
        Reject(problems);
        return problems.Count == 0 ? config : null;
    }

    /// <summary>What only a restart can change is refused, not passed over.</summary>
    private List<Problem> ImmovableParts(ProxyConfig config)
    {
        var problems = new List<Problem>();
        Compare("workers", config.Workers, World.Config.Workers);
        Compare("admin", config.Admin, World.Config.Admin);
        Compare("log.format", config.Log.Format, World.Config.Log.Format);
        return problems;

        void Compare<T>(string key, T next, T present)
        {
            if (!EqualityComparer<T>.Default.Equals(next, present))
            {
                problems.Add(
                    new Problem(
                        File,
                        0,
                        0,
                        $"'{key}' cannot change from {present} to {next} while the proxy runs",
                        "restart the proxy"
                    )
                );
            }
        }
    }

    private async Task MoveDocumentsAsync(ProxyConfig config)
    {
        if (_documentWatch is not null)
        {
            await _documentWatch.DisposeAsync();
        }

        _documents.Clear();
        foreach (var (name, text) in config.Resources is { } path ? ResourceFolder.Read(path).Texts : [])
        {
            _documents.Set(name, text);
        }

        WatchDocuments(config.Resources);
    }

    private void WatchDocuments(string? path)
    {
        _documentWatch = null;
        if (path is null)
        {
            return;
        }

        var watch = new FileWatch(
            path,
            _time,
            new FileWatchOptions { Accepts = ResourceFolder.Holds, MaxFiles = ResourceFolder.MaxFiles }
        );
        var known = true;
        watch.Changed += changes =>
        {
            if (known)
            {
                return; // The first poll finds what was read a moment ago.
            }

            foreach (var file in changes.Changed)
            {
                _pending.OnDocument(FullName(watch, file.Name), Encoding.UTF8.GetString(file.Content.Span));
            }

            foreach (var name in changes.Removed)
            {
                _pending.OnDocument(FullName(watch, name), null);
            }

            _pending.OnNames();
        };
        watch.Start();
        known = false;
        _documentWatch = watch;
    }

    private static string FullName(FileWatch watch, string name) =>
        Directory.Exists(watch.Path) ? System.IO.Path.Combine(watch.Path, name) : watch.Path;

    private void OnConfigFile(FileChanges changes)
    {
        foreach (var file in changes.Changed)
        {
            _pending.OnConfig(Encoding.UTF8.GetString(file.Content.Span));
        }
    }

    private void Reject(IReadOnlyList<Problem> problems)
    {
        if (problems.Count == 0)
        {
            return;
        }

        _metrics.Registry.Add(_metrics.ConfigRejectedSlot);
        _rejections.Insert(0, new ConfigRejection(_time.GetUtcNow(), problems));
        if (_rejections.Count > RejectionsKept)
        {
            _rejections.RemoveAt(RejectionsKept);
        }

        foreach (var problem in problems)
        {
            _log.Error("configuration refused, the last good one stays", ("problem", problem.ToString()));
        }
    }

    private void ReportNamers()
    {
        var problems = _namers.Problems;
        var news = problems.Except(_reportedNamerProblems).ToArray();
        _reportedNamerProblems = problems;
        Reject(news);
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
        IReadOnlyList<Problem> problems =
        [
            .. _configProblems,
            .. _documentProblems,
            .. _configWatch.Problems,
            .. _documentWatch?.Problems ?? [],
            .. _namers.Problems,
        ];
        var now = _time.GetUtcNow();
        _staleSince = problems.Count == 0 ? null : _staleSince ?? now;
        Volatile.Write(ref _status, new ConfigStatus(now, problems, [.. _rejections], _staleSince));
    }
}
