using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Weft.Discovery;

/// <summary>
/// Keeps the addresses of host names, asked for again and again in the background. A host whose name service fails
/// keeps its last known addresses. The table is bounded, since a client of a proxy may be able to invent hosts.
/// </summary>
public sealed class HostResolver : IAsyncDisposable
{
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _ask;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly HostResolverOptions _options;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<(string Host, bool Once), HostEntry> _entries = new();
    private readonly PriorityQueue<HostEntry, long> _due = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped;
    private readonly ITimer _timer;
    private int _questions;
    private bool _isDisposed;
    private long _version;

    /// <summary>A resolver that asks with <paramref name="ask"/>.</summary>
    /// <param name="ask">A <see cref="SocketException"/> of <see cref="SocketError.HostNotFound"/> is an authoritative no.</param>
    /// <param name="time">The clock of all intervals.</param>
    /// <param name="random">For jitter; used under a lock.</param>
    /// <param name="options">Intervals and bounds.</param>
    public HostResolver(
        Func<string, CancellationToken, Task<IPAddress[]>> ask,
        TimeProvider time,
        Random random,
        HostResolverOptions? options = null
    )
    {
        ArgumentNullException.ThrowIfNull(ask);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(random);
        (_ask, _time, _random, _options) = (ask, time, random, options ?? new HostResolverOptions());
        _stopped = _stop.Token;
        _timer = time.CreateTimer(
            static resolver => ((HostResolver)resolver!).Pump(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>Raised, off the event loops, when the answer of any host has changed.</summary>
    public event Action? Changed;

    /// <summary>Grows whenever an answer changes; safe from any thread.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Hosts in the table.</summary>
    public int Count => _entries.Count;

    /// <summary>Asks the operating system: hosts file, DNS, whatever it is set up for.</summary>
    public static Task<IPAddress[]> AskPlatform(string host, CancellationToken cancellation) =>
        Dns.GetHostAddressesAsync(host, cancellation);

    /// <summary>
    /// What is known of a host; the first question for it starts the asking. Never blocks on the network. An IP address
    /// is its own answer.
    /// </summary>
    /// <param name="host">A host name or an IP address without brackets.</param>
    /// <param name="once">Whether the first answer holds for ever.</param>
    public HostAnswer Lookup(string host, bool once = false)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (_entries.TryGetValue((host, once), out var entry))
        {
            entry.UsedAt = _time.GetTimestamp();
            return entry.Answer;
        }
        lock (_gate)
        {
            return Add(host, once) is { } added
                ? added.Answer
                : new HostAnswer.Failed(
                    $"{host} is not resolved: there are more than {_options.MaxHosts} hosts already"
                );
        }
    }

    /// <summary>Keeps a host resolved until the watch is disposed.</summary>
    /// <exception cref="InvalidOperationException">The table is full.</exception>
    public HostWatch Watch(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        lock (_gate)
        {
            var entry =
                Add(host, once: false)
                ?? throw new InvalidOperationException($"there are more than {_options.MaxHosts} hosts already");
            entry.Holders++;
            return new HostWatch(entry, Release);
        }
    }

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
        await _timer.DisposeAsync();
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    private void Release(HostEntry entry)
    {
        lock (_gate)
        {
            entry.Holders--;
            entry.UsedAt = _time.GetTimestamp();
        }
    }

    /// <summary>Null when the table is full beyond its bound and a tenth, which lasts until the pump has made room.</summary>
    private HostEntry? Add(string host, bool once)
    {
        if (_entries.TryGetValue((host, once), out var entry))
        {
            entry.UsedAt = _time.GetTimestamp();
            return entry;
        }
        if (_entries.Count >= _options.MaxHosts)
        {
            _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            if (_entries.Count >= _options.MaxHosts + (_options.MaxHosts / 10))
            {
                return null;
            }
        }
        entry = new HostEntry(host, once) { UsedAt = _time.GetTimestamp() };
        _entries[(host, once)] = entry;
        if (IPAddress.TryParse(host, out var address))
        {
            entry.Take([address]);
        }
        else if (!HostName.IsValid(host))
        {
            entry.Fail($"'{host}' is not the name of a host");
        }
        else if (!_isDisposed)
        {
            _due.Enqueue(entry, _time.GetTimestamp());
            // The asking itself begins on the timer's thread: this one may be an event loop.
            _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
        return entry;
    }

    /// <summary>Starts the questions that are due, makes room in the table, and sets the timer for what is due next.</summary>
    private void Pump()
    {
        var asked = new List<HostEntry>();
        var hasForgotten = false;
        lock (_gate)
        {
            if (_isDisposed)
            {
                return;
            }
            var now = _time.GetTimestamp();
            MakeRoom();
            while (_questions < _options.MaxQuestions && _due.TryPeek(out var entry, out var due) && due <= now)
            {
                _due.Dequeue();
                if (entry.IsForgotten)
                {
                    continue;
                }
                if (entry.Holders == 0 && _time.GetElapsedTime(entry.UsedAt, now) >= _options.Idle)
                {
                    Forget(entry);
                    hasForgotten = true;
                    continue;
                }
                _questions++;
                asked.Add(entry);
            }
            if (hasForgotten)
            {
                Volatile.Write(ref _version, _version + 1);
            }
            SetTimer();
        }
        if (hasForgotten)
        {
            // Who keeps answers instead of asking for each request asks again now, and what is in use is back.
            Changed?.Invoke();
        }
        foreach (var entry in asked)
        {
            // Every outcome of the question ends in the entry; what could still be thrown is a subscriber's own.
            _ = AskAsync(entry);
        }
    }

    private async Task AskAsync(HostEntry entry)
    {
        Func<HostEntry, bool> outcome;
        try
        {
            var addresses = await _ask(entry.Host, _stopped).WaitAsync(_options.Timeout, _time, _stopped);
            outcome = addresses.Length == 0 ? e => e.Deny(_options.Denials) : e => e.Take(addresses);
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            outcome = e => e.Deny(_options.Denials);
        }
        catch (TimeoutException)
        {
            outcome = e => e.Fail($"{e.Host} was not resolved within {_options.Timeout.TotalSeconds} s");
        }
        catch (Exception error)
        {
            outcome = e => e.Fail($"{e.Host} was not resolved: {error.Message.TrimEnd('.')}");
        }
        var isNews = false;
        lock (_gate)
        {
            _questions--;
            if (_isDisposed)
            {
                return;
            }
            if (!entry.IsForgotten)
            {
                isNews = outcome(entry);
                if (isNews)
                {
                    Volatile.Write(ref _version, _version + 1);
                }
                AskAgainLater(entry);
            }
            SetTimer();
        }
        if (isNews)
        {
            Changed?.Invoke();
        }
    }

    private void AskAgainLater(HostEntry entry)
    {
        if (entry.Once && entry.Answer is HostAnswer.Known)
        {
            return;
        }
        // Jitter keeps the hosts of one file, first asked together, from being asked together for ever.
        var wait = _options.Interval * (0.8 + (0.4 * _random.NextDouble()));
        _due.Enqueue(entry, _time.GetTimestamp() + (long)(wait.TotalSeconds * _time.TimestampFrequency));
    }

    /// <summary>For the question that is due next; with as many under way as may be, the next answer sets it.</summary>
    private void SetTimer()
    {
        if (_questions < _options.MaxQuestions && _due.TryPeek(out _, out var next))
        {
            var now = _time.GetTimestamp();
            // Timers count whole milliseconds: rounded down, they would fire before the time.
            var wait = Math.Ceiling(_time.GetElapsedTime(now, Math.Max(now, next)).TotalMilliseconds);
            _timer.Change(TimeSpan.FromMilliseconds(wait), Timeout.InfiniteTimeSpan);
        }
    }

    private void MakeRoom()
    {
        var surplus = _entries.Count - _options.MaxHosts;
        if (surplus <= 0)
        {
            return;
        }
        // A tenth more than needed, so that the sorting is paid for once in many new hosts.
        var unused = _entries.Values.Where(e => e.Holders == 0).OrderBy(e => e.UsedAt);
        foreach (var entry in unused.Take(surplus + (_options.MaxHosts / 10)).ToArray())
        {
            Forget(entry);
        }
    }

    private void Forget(HostEntry entry)
    {
        entry.IsForgotten = true;
        _entries.TryRemove((entry.Host, entry.Once), out _);
    }
}
