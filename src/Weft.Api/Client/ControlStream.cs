using Weft.Api.Grpc;
using Weft.Api.Mesh;

namespace Weft.Api.Client;

/// <summary>
/// A proxy's stream to its control plane, for as long as the proxy lives: connects, comes back after a break without asking
/// for what it knows, compares everything now and then, and keeps the last known good on disk. Whatever happens to the
/// control plane, what the sink was given stays.
/// </summary>
public sealed partial class ControlStream : IAsyncDisposable
{
    /// <summary>A connection that lasts so long was a good one: the next attempts begin anew.</summary>
    private static readonly TimeSpan GoodAfter = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan SaveEvery = TimeSpan.FromSeconds(1);

    private readonly ControlStreamOptions _options;
    private readonly ResourceSink _sink;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Backoff _backoff;
    private readonly SnapshotFile? _snapshot;
    private readonly Outbox _outbox = new();
    private readonly KnownResources _known = new();
    private readonly Lock _gate = new();
    private readonly List<Resource> _batch = [];

    // Of what the batch changes: what was known before it.
    private readonly Dictionary<ResourceName, Resource?> _before = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private Task _keeping = Task.CompletedTask;
    private Task _reporting = Task.CompletedTask;
    private StreamStatus _status;
    private bool _isRestored;
    private bool _isUnsaved;

    /// <summary>A stream that does nothing until it is started.</summary>
    /// <param name="options">Whom to ask, and how.</param>
    /// <param name="sink">Who is told.</param>
    /// <param name="time">The clock of delays.</param>
    /// <param name="random">Spreads reconnects and comparisons; used by this stream alone.</param>
    /// <exception cref="IOException">The token or the roots to be trusted cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be read.</exception>
    public ControlStream(ControlStreamOptions options, ResourceSink sink, TimeProvider time, Random random)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        (_options, _sink, _time, _random) = (options, sink, time, random);
        _backoff = new Backoff(options.BackoffBase, options.BackoffMax, random);
        _snapshot = options.SnapshotFolder is { } folder ? new SnapshotFile(folder, options.Namespace) : null;
        // Read for each connection; now, so that a mistake is known at the start.
        _ = options.TrustFile is { } roots ? ServerTrust.Only(roots) : null;
        _ = options.TokenFile is { } token ? TokenFile.Read(token) : null;
        _status = new StreamStatus(false, time.GetUtcNow(), null, null);
    }

    /// <summary>Raised, from any thread, when <see cref="Status"/> has changed; also when something could not be saved.</summary>
    public event Action<StreamStatus>? StatusChanged;

    public StreamStatus Status => Volatile.Read(ref _status);

    /// <summary>Gives the sink what an earlier run has saved, if anything, here and now.</summary>
    public void Restore()
    {
        if (_isRestored)
        {
            return;
        }

        _isRestored = true;
        if (_snapshot?.Load() is { } saved)
        {
            var changes = saved.Resources.Where(r => r.Name is not null).ToArray();
            foreach (var resource in changes)
            {
                _known.Take(resource);
                if (resource.Name.Type != ResourceType.Document)
                {
                    _outbox.Watch(resource.Name.Type, resource.Name.Name, isWanted: true);
                }
            }

            var at = DateTimeOffset.FromUnixTimeMilliseconds(saved.SavedAtUnixMs);
            Forget(_sink(new ResourceBatch(changes, at)), new Dictionary<ResourceName, Resource?>());
            Tell(new StreamStatus(false, _time.GetUtcNow(), at, null));
        }
    }

    /// <summary>Connects and goes on by itself, after <see cref="Restore"/>.</summary>
    public void Start()
    {
        Restore();
        _running = Task.Run(RunAsync);
        _keeping = Task.Run(KeepAsync);
        _reporting = _options.Reports is null ? Task.CompletedTask : Task.Run(ReportAsync);
    }

    /// <summary>Watches a name from now on. Safe from any thread; waits for nobody.</summary>
    public void Subscribe(ResourceType type, string name) => _outbox.Watch(type, name, isWanted: true);

    /// <summary>Watches a name no longer, and forgets what it was.</summary>
    public void Unsubscribe(ResourceType type, string name)
    {
        _outbox.Watch(type, name, isWanted: false);
        lock (_gate)
        {
            _known.Forget(type, name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _keeping;
        await _reporting;
        Save();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                var start = _time.GetTimestamp();
                var reason = await ConnectAsync();
                if (_time.GetElapsedTime(start) > GoodAfter)
                {
                    _backoff.Reset();
                }

                Tell(new StreamStatus(false, _time.GetUtcNow(), Status.HeardAt, reason));
                await Task.Delay(NextDelay(), _time, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    /// <summary>Runs one connection, and says why it ended.</summary>
    private async Task<string> ConnectAsync()
    {
        _outbox.Restart();
        GiveUpBatch();
        var reports = new ConnectionReports(_options.Reports);
        var hasAnswered = false;
        try
        {
            return await new MeshConnection(_options).RunAsync(
                Everything(withHello: true),
                _outbox.News,
                () => Next(reports),
                message =>
                {
                    OnMessage(message);
                    if (!hasAnswered)
                    {
                        hasAnswered = true;
                        _outbox.AskReport();
                    }
                },
                _stop.Token
            );
        }
        catch (Exception error)
            when (error is HttpRequestException or IOException or UnauthorizedAccessException or GrpcFormatException)
        {
            return MeshConnection.ReasonOf(error);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            return "no answer in time";
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Whatever was sent: the next connection may be another's, and this proxy must not be without one for ever.
            return $"what was sent cannot be taken in: {error.GetType().Name}: {error.Message}";
        }
        finally
        {
            reports.End();
        }
    }

    /// <summary>
    /// Of what came without its end, nothing came into force: it must not count as known, or the next connection would not send it again.
    /// </summary>
    private void GiveUpBatch()
    {
        lock (_gate)
        {
            foreach (var (name, before) in _before)
            {
                _known.Restore(name, before);
            }
        }

        _batch.Clear();
        _before.Clear();
    }

    private void OnMessage(ControlMessage message)
    {
        lock (_gate)
        {
            foreach (var resource in message.Resources.Where(r => r.Name is not null))
            {
                _before.TryAdd(resource.Name, _known.Find(resource.Name));
                if (_known.Take(resource) is { } whole)
                {
                    _batch.Add(whole);
                }
                else
                {
                    _outbox.AskAgain(resource.Name.Type, resource.Name.Name);
                }
            }
        }

        IReadOnlyList<Refusal> refusals = [];
        if (message.Complete)
        {
            if (_batch.Count > 0)
            {
                refusals = _sink(new ResourceBatch([.. _batch]));
                Forget(refusals, _before);
                Volatile.Write(ref _isUnsaved, true);
            }

            _batch.Clear();
            _before.Clear();
        }

        _outbox.Acknowledge(message.Number, refusals);
        var now = _time.GetUtcNow();
        Tell(new StreamStatus(true, Status.IsConnected ? Status.Since : now, now, null));
    }

    /// <summary>
    /// What was refused is not known: what was before it stays, is what is saved, and is what the next connection tells of, so that the author
    /// hears of the refusal again.
    /// </summary>
    private void Forget(IReadOnlyList<Refusal> refusals, Dictionary<ResourceName, Resource?> before)
    {
        lock (_gate)
        {
            foreach (var refusal in refusals)
            {
                _known.Restore(refusal.Name, before.GetValueOrDefault(refusal.Name));
            }
        }
    }

    /// <summary>Everything that is watched, with what is known of it: a question that is answered with the difference.</summary>
    private ProxyMessage Everything(bool withHello)
    {
        var message = new ProxyMessage();
        if (withHello)
        {
            message.Hello = new Hello
            {
                Protocol = 1,
                ProxyId = _options.ProxyId,
                ProgramVersion = _options.ProgramVersion,
                Namespace = _options.Namespace,
            };
        }

        lock (_gate)
        {
            message.Subscribe.Add(
                new Subscription
                {
                    Name = new ResourceName { Type = ResourceType.Document, Name = "*" },
                }
            );
            message.Subscribe.AddRange(
                _known.Documents.Select(d => new Subscription { Name = d.Name, KnownVersion = d.Version })
            );
            message.Subscribe.AddRange(
                _outbox.Watched.Select(w => new Subscription
                {
                    Name = new ResourceName { Type = w.Type, Name = w.Name },
                    KnownVersion = _known.VersionOf(w.Type, w.Name),
                })
            );
            if (message.CalculateSize() > GrpcMessages.MaxMessage / 2)
            {
                // Too much to tell at once: documents are asked for whole, and names one message after the other.
                message.Subscribe.Clear();
                message.Subscribe.Add(
                    new Subscription
                    {
                        Name = new ResourceName { Type = ResourceType.Document, Name = "*" },
                    }
                );
                foreach (var (type, name) in _outbox.Watched)
                {
                    _outbox.AskAgain(type, name);
                }
            }
        }

        return message;
    }

    /// <summary>Saves what has changed, and asks now and then whether all that is known is still right.</summary>
    private async Task KeepAsync()
    {
        try
        {
            var next = _time.GetUtcNow() + Jittered(_options.Resync);
            while (true)
            {
                await Task.Delay(SaveEvery, _time, _stop.Token);
                Save();
                if (_time.GetUtcNow() >= next)
                {
                    _outbox.Ask(Everything(withHello: false));
                    next = _time.GetUtcNow() + Jittered(_options.Resync);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private TimeSpan NextDelay()
    {
        lock (_gate)
        {
            return _backoff.Next();
        }
    }

    private TimeSpan Jittered(TimeSpan span)
    {
        lock (_gate)
        {
            return span * (0.8 + (0.4 * _random.NextDouble()));
        }
    }

    private void Save()
    {
        if (_snapshot is null || !Interlocked.Exchange(ref _isUnsaved, false))
        {
            return;
        }

        Resource[] resources;
        lock (_gate)
        {
            resources = [.. _known.All];
        }

        try
        {
            _snapshot.Save(resources, _time.GetUtcNow());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Volatile.Write(ref _isUnsaved, true);
            Tell(Status with { Error = $"the snapshot cannot be saved: {error.Message}" });
        }
    }

    private void Tell(StreamStatus status)
    {
        var before = Interlocked.Exchange(ref _status, status);
        if (before.IsConnected != status.IsConnected || before.Error != status.Error)
        {
            StatusChanged?.Invoke(status);
        }
    }
}
