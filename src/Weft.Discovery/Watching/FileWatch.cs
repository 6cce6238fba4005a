using System.Collections.Immutable;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>
/// Watches one file or folder by polling, which works alike on every file system, in containers and through links that
/// are swapped. A change is believed when two polls in a row see the same content, so that a half-written file is not
/// taken for a whole one. What cannot be read is a problem, and what was last read of it stays in force.
/// </summary>
public sealed class FileWatch : IAsyncDisposable
{
    /// <summary>A scan takes at most this part of the time: after a slow one, the next comes later.</summary>
    private const int MinIdlePerScan = 20;

    /// <summary>
    /// The same while a change has been seen and is not believed yet: nobody is told of it before the next scan, so that one may come soon after the
    /// last.
    /// </summary>
    private const int MinIdlePerSettlingScan = 2;

    /// <summary>However slow a scan was, a change is to be seen within a second; on a busy machine a scan may only have waited for its turn.</summary>
    private static readonly TimeSpan MaxInterval = TimeSpan.FromMilliseconds(400);

    /// <summary>Some file systems keep times to two seconds only: what is younger is read again, whatever its stamp.</summary>
    private static readonly TimeSpan StampResolution = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly FileWatchOptions _options;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, WatchedEntry> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WatchedFile?> _held = new(StringComparer.Ordinal);
    private ITimer? _timer;
    private long _heldSince;
    private RootKind _root;
    private string? _realRoot;
    private bool _hasPolled;
    private bool _isDisposed;
    private ImmutableArray<Problem> _problems = [];

    public FileWatch(string path, TimeProvider time, FileWatchOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(time);
        Path = System.IO.Path.GetFullPath(path);
        _time = time;
        _options = options ?? new FileWatchOptions();
    }

    /// <summary>The full path that is watched.</summary>
    public string Path { get; }

    /// <summary>What cannot be read at present. Safe from any thread.</summary>
    public IReadOnlyList<Problem> Problems
    {
        get
        {
            lock (_gate)
            {
                return _problems;
            }
        }
    }

    /// <summary>
    /// Raised by the poll that believes a change, or that sees the problems change, one at a time and in order.
    /// The first poll reports all files that it finds.
    /// </summary>
    public event Action<FileChanges>? Changed;

    /// <summary>Polls once, here and now, and goes on polling in the background.</summary>
    public void Start()
    {
        PollOnce();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _timer ??= _time.CreateTimer(
                static watch => ((FileWatch)watch!).PollOnce(),
                this,
                _options.Interval,
                Timeout.InfiniteTimeSpan
            );
        }
    }

    /// <summary>Looks at the files. True when it raised <see cref="Changed"/>.</summary>
    public bool PollOnce()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return false;
            }
            var started = _time.GetTimestamp();
            try
            {
                return Poll();
            }
            catch (Exception error)
            {
                // The border of the watch: whatever a subscriber or the system does, polling goes on and says why not.
                _problems = [new Problem(Path, 0, 0, $"watching it failed: {error.Message}")];
                return false;
            }
            finally
            {
                var isSettling = IsSettling;
                var least = isSettling ? _options.SettlingInterval : _options.Interval;
                var interval = IntervalAfter(_time.GetElapsedTime(started), least, isSettling);
                _timer?.Change(interval, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        ITimer? timer;
        lock (_gate)
        {
            _isDisposed = true;
            timer = _timer;
        }
        if (timer is not null)
        {
            await timer.DisposeAsync();
        }
    }

    /// <summary>The time until the next poll.</summary>
    /// <param name="scan">How long the last one took.</param>
    /// <param name="interval">At least so long.</param>
    /// <param name="isSettling">Whether it saw a change that it does not believe yet.</param>
    internal static TimeSpan IntervalAfter(TimeSpan scan, TimeSpan interval, bool isSettling)
    {
        var idle = scan * (isSettling ? MinIdlePerSettlingScan : MinIdlePerScan);
        return TimeSpan.FromTicks(Math.Max(interval.Ticks, Math.Min(MaxInterval.Ticks, idle.Ticks)));
    }

    /// <summary>Whether a change has been seen and is not believed yet.</summary>
    private bool IsSettling => _entries.Values.Any(entry => entry.IsSettling);

    private bool Poll()
    {
        var scan = FolderScan.Of(Path, _options);
        var unreadable = scan.Unreadable.ToList();
        if (scan.Root != RootKind.Missing)
        {
            _root = scan.Root;
        }
        else
        {
            unreadable.Add(new UnreadableFile("", new Problem(Path, 0, 0, "there is no such file or folder")));
        }
        // Behind a link that was swapped, files may look the same from outside.
        var isSwapped = scan.RealRoot != _realRoot;
        _realRoot = scan.RealRoot ?? _realRoot;
        foreach (var (name, stamp) in scan.Files)
        {
            ObserveFile(name, stamp, isSwapped);
        }
        // A folder that is gone says nothing of the files in it: it may be a mount that comes back.
        if (scan.Root != RootKind.Missing || _root != RootKind.Folder)
        {
            ObserveAbsences(scan);
        }
        _hasPolled |= scan.Root != RootKind.Missing;

        foreach (var (name, entry) in _entries)
        {
            if (entry.Problem is { } problem)
            {
                unreadable.Add(new UnreadableFile(name, problem));
            }
        }
        return Publish(unreadable);
    }

    private void ObserveFile(string name, FileStamp stamp, bool isSwapped)
    {
        if (!_entries.TryGetValue(name, out var entry))
        {
            _entries.Add(name, entry = new WatchedEntry());
        }
        var age = _time.GetUtcNow().Ticks - stamp.Modified;
        if (!isSwapped && entry.IsCurrent(stamp) && Math.Abs(age) >= StampResolution.Ticks)
        {
            return;
        }
        var path = _root == RootKind.File ? Path : System.IO.Path.Combine(Path, name);
        try
        {
            var content = FileContent.Read(path, stamp, _options.MaxFileBytes);
            if (entry.Observe(stamp, content, atOnce: !_hasPolled, _options.EmptyGrace, _time))
            {
                Hold(name, new WatchedFile(name, content.Bytes));
            }
        }
        catch (FileNotFoundException)
        {
            // Gone since the scan: the next poll will not list it.
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            entry.Problem = new Problem(path, 0, 0, $"the file cannot be read: {error.Message.TrimEnd('.')}");
        }
    }

    private void ObserveAbsences(FolderScan scan)
    {
        List<string>? gone = null;
        foreach (var (name, entry) in _entries)
        {
            if (!scan.Files.ContainsKey(name) && !scan.MayHold(name) && entry.ObserveAbsence())
            {
                (gone ??= []).Add(name);
            }
        }
        foreach (var name in gone ?? [])
        {
            if (_entries.Remove(name, out var entry) && entry.IsKnown)
            {
                Hold(name, file: null);
            }
        }
    }

    private void Hold(string name, WatchedFile? file)
    {
        if (_held.Count == 0)
        {
            _heldSince = _time.GetTimestamp();
        }
        _held[name] = file;
    }

    private bool Publish(List<UnreadableFile> unreadable)
    {
        unreadable.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        var problems = unreadable.Select(u => u.Problem).ToImmutableArray();
        var isNews = !problems.SequenceEqual(_problems);
        _problems = problems;
        var isReady = _held.Count > 0 && (_time.GetElapsedTime(_heldSince) >= _options.MaxHold || !IsSettling);
        if (!isReady && !isNews)
        {
            return false;
        }
        var changes = new FileChanges(
            isReady ? [.. _held.Values.OfType<WatchedFile>().OrderBy(f => f.Name, StringComparer.Ordinal)] : [],
            isReady ? [.. _held.Where(h => h.Value is null).Select(h => h.Key).Order(StringComparer.Ordinal)] : [],
            [.. unreadable.Where(u => !WasRead(u.Name))]
        );
        if (isReady)
        {
            _held.Clear();
        }
        Changed?.Invoke(changes);
        return true;
    }

    /// <summary>Whether a file, or anything in a folder, was ever read.</summary>
    private bool WasRead(string name) =>
        name.Length == 0
            ? _hasPolled
            : (_entries.TryGetValue(name, out var entry) && entry.IsKnown)
                || _entries.Any(e => e.Value.IsKnown && e.Key.StartsWith(name + "/", StringComparison.Ordinal));
}
