using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Weft.Discovery;

/// <summary>
/// One watch for each key that is in use, whoever asks for it: opened by the first question, shared by all, begun anew when it
/// fails, closed when nobody has asked for a while. What a backend said last is kept for as long as it is away.
/// </summary>
internal sealed class WatchTable<T> : IAsyncDisposable
    where T : class
{
    /// <summary>How many different problems are told at once.</summary>
    private const int MaxProblems = 16;

    private readonly IWatchSource<T> _source;
    private readonly IEqualityComparer<T> _comparer;
    private readonly WatchOptions _options;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<string, WatchEntry<T>> _entries = new(StringComparer.Ordinal);
    private readonly List<WatchEntry<T>> _new = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _opening;
    private readonly ITimer _sweeping;
    private ImmutableArray<string> _problems = [];
    private long? _failingSince;
    private bool _isDisposed;

    /// <summary>A table without watches.</summary>
    /// <param name="source">The backend.</param>
    /// <param name="comparer">Which values say the same.</param>
    /// <param name="options">Intervals and bounds.</param>
    /// <param name="time">The clock of all intervals.</param>
    /// <param name="random">For jitter; used under a lock of its own.</param>
    public WatchTable(
        IWatchSource<T> source,
        IEqualityComparer<T> comparer,
        WatchOptions options,
        TimeProvider time,
        Random random
    )
    {
        (_source, _comparer, _options, _time, _random) = (source, comparer, options, time, random);
        _opening = time.CreateTimer(_ => Open(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var half = options.Idle / 2;
        _sweeping = time.CreateTimer(_ => Sweep(), null, half, half);
    }

    /// <summary>Raised off the event loops; see <see cref="IDiscoveryNamer.Changed"/>.</summary>
    public event Action? Changed;

    /// <summary>Keys in the table.</summary>
    public int Count => _entries.Count;

    /// <summary>What is wrong with any watch, each thing once.</summary>
    public ImmutableArray<string> Problems
    {
        get
        {
            lock (_gate)
            {
                return _problems;
            }
        }
    }

    /// <summary>A timestamp: when the watch that fails longest was last current; null when none fails.</summary>
    public long? FailingSince
    {
        get
        {
            lock (_gate)
            {
                return _failingSince;
            }
        }
    }

    /// <summary>What is known of a key; the first question opens its watch. Never waits; safe from any thread.</summary>
    public WatchState<T> Get(string key)
    {
        var now = _time.GetTimestamp();
        if (_entries.TryGetValue(key, out var entry))
        {
            entry.Touch(now);
            return entry.State;
        }
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out entry))
            {
                return entry.State;
            }
            if (_isDisposed || _entries.Count >= _options.MaxWatches)
            {
                return new WatchState<T>(null, $"more than {_options.MaxWatches} names are watched already", now);
            }
            entry = new WatchEntry<T>(key, _comparer, _time, OnNews, _stop.Token);
            _entries[key] = entry;
            _new.Add(entry);
            // The watch itself begins on the timer's thread: this one may be an event loop.
            _opening.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            return entry.State;
        }
    }

    /// <summary>What is known of a key that may be watched, without opening or keeping its watch.</summary>
    public WatchState<T>? Peek(string key) => _entries.TryGetValue(key, out var entry) ? entry.State : null;

    /// <summary>How long a timestamp of <see cref="WatchState{T}.CurrentAt"/> is past.</summary>
    public TimeSpan Since(long timestamp) => _time.GetElapsedTime(timestamp);

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }
            _isDisposed = true;
        }
        await _opening.DisposeAsync();
        await _sweeping.DisposeAsync();
        await _stop.CancelAsync();
        foreach (var entry in _entries.Values)
        {
            await entry.Watching;
            entry.Dispose();
        }
        _stop.Dispose();
    }

    private void Open()
    {
        WatchEntry<T>[] opened;
        lock (_gate)
        {
            opened = _isDisposed ? [] : [.. _new];
            _new.Clear();
        }
        foreach (var entry in opened)
        {
            entry.Watching = KeepAsync(entry);
        }
    }

    private async Task KeepAsync(WatchEntry<T> entry)
    {
        var backoff = new Backoff(_options.BaseBackoff, _options.MaxBackoff, _random);
        while (!entry.Stopped.IsCancellationRequested)
        {
            var began = _time.GetTimestamp();
            try
            {
                await _source.WatchAsync(entry.Key, entry, entry.Stopped);
            }
            catch (OperationCanceledException) when (entry.Stopped.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                entry.Reject(BackendErrors.Describe(error));
            }
            if (_time.GetElapsedTime(began) >= _options.Settled)
            {
                backoff.Reset();
            }
            try
            {
                await Task.Delay(backoff.Next(), _time, entry.Stopped);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>
    /// Closes what nobody asked for in <see cref="WatchOptions.Idle"/>. Halfway there it has everyone who still uses a name ask again: callers keep
    /// answers for as long as they hear of no change.
    /// </summary>
    private void Sweep()
    {
        var now = _time.GetTimestamp();
        var closed = new List<WatchEntry<T>>();
        var isAsking = false;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }
            foreach (var entry in _entries.Values)
            {
                var unused = _time.GetElapsedTime(entry.UsedAt, now);
                if (unused >= _options.Idle && _entries.TryRemove(entry.Key, out _))
                {
                    closed.Add(entry);
                }
                isAsking |= unused >= _options.Idle / 2;
            }
        }
        foreach (var entry in closed)
        {
            entry.Stop();
            // A watch ends soon after it was told to, without an error; nobody needs to wait for that.
            _ = entry.Watching.ContinueWith(
                _ => entry.Dispose(),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }
        if (isAsking)
        {
            FindProblems();
            Changed?.Invoke();
        }
    }

    private void OnNews(bool isValue)
    {
        if (FindProblems() || isValue)
        {
            Changed?.Invoke();
        }
    }

    /// <summary>True when they are others than before: what a backend suffers from may show itself differently at the next attempt.</summary>
    private bool FindProblems()
    {
        lock (_gate)
        {
            var before = _problems;
            WatchState<T>[] failing = [.. _entries.Values.Select(e => e.State).Where(s => s.Problem is not null)];
            _problems = [.. failing.Select(s => s.Problem!).Distinct().Order(StringComparer.Ordinal).Take(MaxProblems)];
            _failingSince = failing.Length == 0 ? null : failing.Min(s => s.CurrentAt);
            return !before.SequenceEqual(_problems);
        }
    }
}
