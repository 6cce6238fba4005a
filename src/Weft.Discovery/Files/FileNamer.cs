using System.Collections.Immutable;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>
/// Names out of a folder in which each file is a service: <c>/#/file/web</c> is the file <c>web</c>, <c>/#/file/shop/web</c>
/// the file <c>web</c> in the folder <c>shop</c>. A file that is absent is neg; one without endpoints is known to have none;
/// one with an error keeps what it last said, and fails if it never said anything.
/// A name is looked up among the files that were found, never in the file system, so no name leads out of the folder.
/// </summary>
public sealed class FileNamer : IDiscoveryNamer
{
    /// <summary>Below which names are made, unless told otherwise.</summary>
    public static readonly Naming.Path DefaultPrefix = Naming.Path.Of("#", "file");

    private readonly Naming.Path _prefix;
    private readonly HostResolver _resolver;
    private readonly FileWatch _watch;
    private readonly TimeProvider _time;

    /// <summary>The files that were read well, written by the watch alone.</summary>
    private readonly Dictionary<string, ServiceEntry> _read = new(StringComparer.Ordinal);

    private readonly Dictionary<string, ImmutableArray<Problem>> _mistakes = new(StringComparer.Ordinal);

    /// <summary>Names that stand in the tree as failed because nothing could be read.</summary>
    private readonly List<string> _unreadable = [];

    private ServiceTree? _services;
    private FileProblems _problems = new([], 0);
    private int _hostCount;

    /// <summary>A namer that knows nothing until it is started.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="prefix">What all names begin with; at least one label.</param>
    /// <param name="time">The watch's clock.</param>
    /// <param name="resolver">For lines that name a host; it stays the caller's.</param>
    /// <param name="watching">How often to look, and how much to read; folders are always entered.</param>
    public FileNamer(
        string root,
        Naming.Path prefix,
        TimeProvider time,
        HostResolver resolver,
        FileWatchOptions? watching = null
    )
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentOutOfRangeException.ThrowIfZero(prefix.Length, nameof(prefix));
        ArgumentNullException.ThrowIfNull(resolver);
        _prefix = prefix;
        _resolver = resolver;
        _time = time;
        _watch = new FileWatch(root, time, (watching ?? new FileWatchOptions()) with { Recursive = true });
        _watch.Changed += Apply;
        _resolver.Changed += OnHostChanged;
    }

    /// <summary>What names begin with.</summary>
    public Naming.Path Prefix => _prefix;

    /// <summary>Raised, off the event loops, when an answer may have changed, or the problems have.</summary>
    public event Action? Changed;

    /// <summary>What is wrong with the folder and its files at present. Safe from any thread.</summary>
    public IReadOnlyList<Problem> Problems => Volatile.Read(ref _problems).All;

    public TimeSpan? FailingFor =>
        Volatile.Read(ref _problems) is { All.Count: > 0 } problems ? _time.GetElapsedTime(problems.Since) : null;

    /// <summary>Reads the folder, here and now, and watches it from then on.</summary>
    public void Start()
    {
        _watch.Start();
        // An empty folder is nothing that has changed, and an answer all the same.
        Interlocked.CompareExchange(ref _services, ServiceTree.Empty, null);
    }

    /// <summary>Looks at the folder once. True when something was found to be different.</summary>
    public bool PollOnce() => _watch.PollOnce();

    public NameState Lookup(Naming.Path path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!path.StartsWith(_prefix))
        {
            return NameState.Neg;
        }
        if (Volatile.Read(ref _services) is not { } services)
        {
            return NameState.Pending.Instance;
        }
        if (services.LongestMatch(path.Labels.AsSpan()[_prefix.Length..]) is not { } service)
        {
            return NameState.Neg;
        }
        var isWhole = service.Id.Length == path.Length || service.State is NameState.Failed;
        return isWhole ? service.State : NameState.Bound(service.Id, path.Skip(service.Id.Length));
    }

    public EndpointSet Endpoints(Naming.Path concreteName)
    {
        ArgumentNullException.ThrowIfNull(concreteName);
        if (!concreteName.StartsWith(_prefix))
        {
            return EndpointSet.Neg.Instance;
        }
        if (Volatile.Read(ref _services) is not { } services)
        {
            return EndpointSet.Pending.Instance;
        }
        var service = services.LongestMatch(concreteName.Labels.AsSpan()[_prefix.Length..]);
        return service is null || (service.Id.Length != concreteName.Length && service.State is not NameState.Failed)
            ? EndpointSet.Neg.Instance
            : service.Endpoints();
    }

    /// <summary>Always null: files that cannot be read are told as <see cref="Problems"/>.</summary>
    public TimeSpan? StaleFor(Naming.Path concreteName) => null;

    public async ValueTask DisposeAsync()
    {
        _resolver.Changed -= OnHostChanged;
        await _watch.DisposeAsync();
        foreach (var entry in _read.Values)
        {
            entry.Dispose();
        }
        _read.Clear();
    }

    private void OnHostChanged()
    {
        if (Volatile.Read(ref _hostCount) > 0)
        {
            Changed?.Invoke();
        }
    }

    /// <summary>Called by the watch, one at a time.</summary>
    private void Apply(FileChanges changes)
    {
        var replaced = new List<ServiceEntry>();
        foreach (var name in changes.Removed)
        {
            _mistakes.Remove(name);
            if (_read.Remove(name, out var old))
            {
                replaced.Add(old);
            }
        }
        foreach (var file in changes.Changed)
        {
            Read(file, replaced);
        }
        Publish(changes);
        // Only now: until then, lookups may still meet the old entries.
        foreach (var old in replaced)
        {
            old.Dispose();
        }
        Changed?.Invoke();
    }

    private void Read(WatchedFile file, List<ServiceEntry> replaced)
    {
        var path = System.IO.Path.Combine(_watch.Path, file.Name);
        var mistakes = new List<Problem>();
        var targets = ServiceFile.Parse(file.Content.Span, path, mistakes);
        if (mistakes.Count > 0)
        {
            _mistakes[file.Name] = [.. mistakes];
            return;
        }
        try
        {
            var entry = ServiceEntry.Known(NameOf(file.Name), targets, _resolver);
            _mistakes.Remove(file.Name);
            if (_read.TryGetValue(file.Name, out var old))
            {
                replaced.Add(old);
            }
            _read[file.Name] = entry;
        }
        catch (InvalidOperationException full)
        {
            _mistakes[file.Name] = [new Problem(path, 0, 0, full.Message)];
        }
    }

    private void Publish(FileChanges changes)
    {
        var services = Volatile.Read(ref _services) ?? ServiceTree.Empty;
        foreach (var name in changes.Removed)
        {
            services = services.With(Labels(name), null);
        }
        foreach (var file in changes.Changed)
        {
            var entry =
                _read.GetValueOrDefault(file.Name)
                ?? ServiceEntry.Failed(NameOf(file.Name), _mistakes[file.Name][0].ToString());
            services = services.With(Labels(file.Name), entry);
        }
        services = WithUnreadable(services, changes.Unreadable);
        Volatile.Write(ref _hostCount, _read.Values.Count(entry => entry.HasHosts));
        var mistakes = _mistakes.OrderBy(m => m.Key, StringComparer.Ordinal).SelectMany(m => m.Value);
        var since = _problems.All.Count > 0 ? _problems.Since : _time.GetTimestamp();
        Volatile.Write(ref _problems, new FileProblems([.. _watch.Problems, .. mistakes], since));
        Volatile.Write(ref _services, services);
    }

    /// <summary>What is there, and was never read, has failed, which is not the same as being absent.</summary>
    private ServiceTree WithUnreadable(ServiceTree services, IReadOnlyList<UnreadableFile> unreadable)
    {
        foreach (var name in _unreadable)
        {
            if (services.Find(Labels(name)) is { State: NameState.Failed } && !_mistakes.ContainsKey(name))
            {
                services = services.With(Labels(name), null);
            }
        }
        _unreadable.Clear();
        foreach (var (name, problem) in unreadable)
        {
            if (services.Find(Labels(name)) is null)
            {
                services = services.With(Labels(name), ServiceEntry.Failed(NameOf(name), problem.ToString()));
                _unreadable.Add(name);
            }
        }
        return services;
    }

    private Naming.Path NameOf(string file) => _prefix.Concat(new Naming.Path([.. Labels(file)]));

    /// <summary>Labels are bytes: a file name counts as UTF-8.</summary>
    private static string[] Labels(string file) =>
        file.Length == 0 ? [] : [.. Naming.Path.FromUtf8Labels(file.Split('/')).Labels];

    /// <summary>What is wrong with the folder and its files.</summary>
    /// <param name="All">At present.</param>
    /// <param name="Since">A timestamp: since when something has been.</param>
    private sealed record FileProblems(IReadOnlyList<Problem> All, long Since);
}
