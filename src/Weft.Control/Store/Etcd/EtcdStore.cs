using System.Collections.Immutable;
using System.Text.Json;
using Weft.Telemetry;

namespace Weft.Control;

/// <summary>
/// A store in etcd, for several control planes. This process keeps a view that a watch brings up to date; a commit is one
/// transaction that holds only if nobody else changed the namespace, and is acknowledged once the view has it; a read first
/// asks etcd how far there is to read. While etcd is away the view stays, and only what needs etcd fails.
/// </summary>
public sealed class EtcdStore : IDocumentStore
{
    /// <summary>Documents in one commit: etcd takes 128 operations in a transaction unless told otherwise, and a document may need two.</summary>
    public const int MaxChanges = 60;

    private const int MaxAttempts = 20;

    /// <summary>How long the view may be behind what etcd says before a reader is refused, and the watch begun anew.</summary>
    private static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(200);

    /// <summary>How long a watch may be silent before etcd is asked whether it has anything to say.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private readonly EtcdEndpoints _endpoints;
    private readonly EtcdClient _client;
    private readonly TimeProvider _time;
    private readonly Log? _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<(long Revision, TaskCompletionSource Reached)> _readers = [];
    private StoreView _view = StoreView.Empty;
    private Task _watching = Task.CompletedTask;

    // Written by the watch alone.
    private StoreStatus _status = new("etcd");

    private EtcdStore(EtcdEndpoints endpoints, TimeProvider time, Log? log)
    {
        (_endpoints, _client, _time, _log) = (endpoints, new EtcdClient(endpoints), time, log);
    }

    public event Action<StoreView>? Changed;

    public StoreView View => Volatile.Read(ref _view);

    public StoreStatus Status => Volatile.Read(ref _status);

    /// <summary>Reads everything, and follows it from then on.</summary>
    /// <param name="address">As in <see cref="ControlOptions.Store"/>.</param>
    /// <param name="time">Stamps changes.</param>
    /// <param name="log">Told when etcd cannot be followed.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="StoreException">It cannot be reached, or holds what cannot be read.</exception>
    public static async Task<EtcdStore> OpenAsync(string address, TimeProvider time, Log? log, CancellationToken stop)
    {
        var endpoints =
            EtcdEndpoints.Parse(address)
            ?? throw new StoreException(
                $"--store cannot be '{address}'; write etcd://HOST:PORT, and further ones after commas"
            );
        var store = new EtcdStore(endpoints, time, log);
        try
        {
            var from = await store.LoadAsync(stop);
            store._watching = Task.Run(() => store.WatchAsync(from), CancellationToken.None);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public async ValueTask<StoreView> ReadAsync(CancellationToken stop)
    {
        await ReachAsync(await HeadAsync(stop), stop);
        return View;
    }

    public async Task<CommitOutcome> CommitAsync(Commit commit, CancellationToken stop)
    {
        if (commit.Changes.Length > MaxChanges)
        {
            throw new StoreException(
                $"{commit.Changes.Length} documents are more than the {MaxChanges} that etcd takes at once: apply them in parts"
            );
        }

        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var head = await HeadAsync(stop);
            if (head < View.Revision)
            {
                throw Emptied(head);
            }

            await ReachAsync(head, stop);
            var view = View;
            if (CommitRules.Refusal(view, commit) is { } refusal)
            {
                return refusal;
            }

            var ns = view.Namespace(commit.Namespace);
            var written = CommitRules.Revisions(view, commit, ns.Revision + 1, _time.GetUtcNow());
            if (written.IsEmpty)
            {
                return new CommitOutcome.Committed(view, ns.Revision, []);
            }

            if (await WriteAsync(ns, written, stop) is { } revision)
            {
                await ReachAsync(revision, stop);
                return new CommitOutcome.Committed(
                    View,
                    revision,
                    [.. written.Select(w => w with { Revision = revision })]
                );
            }
        }

        throw new StoreException(
            $"namespace {commit.Namespace} changed {MaxAttempts} times while this change was made; try again"
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        await _watching;
        _client.Dispose();
        _stop.Dispose();
    }

    private Task<long?> WriteAsync(NamespaceView ns, ImmutableArray<DocumentRevision> written, CancellationToken stop)
    {
        var puts = written
            .Select(w => (EtcdKeys.RevisionOf(ns.Name, w.Key, w.Version), EtcdKeys.ValueOf(ns.Name, w)))
            .Append((EtcdKeys.NamespaceOf(ns.Name), ""))
            .Append((EtcdKeys.Head, ""));
        // The revision that makes room in the history, if there is one.
        var removals = written
            .Where(w => w.Version > DocumentHistory.MaxRevisions)
            .Select(w => EtcdKeys.RevisionOf(ns.Name, w.Key, w.Version - DocumentHistory.MaxRevisions));
        return _client.PutAsync((EtcdKeys.NamespaceOf(ns.Name), ns.Revision), puts, removals, stop);
    }

    /// <summary>The revision of the last commit as the cluster knows it; 0 when it knows none.</summary>
    private async Task<long> HeadAsync(CancellationToken stop)
    {
        var (pairs, _) = await _client.RangeAsync(EtcdKeys.Head, null, stop);
        return pairs is [var head] ? head.ModRevision : 0;
    }

    /// <summary>It has less than is known here: written into, it would have some of the documents and not the others.</summary>
    private StoreException Emptied(long revision) =>
        new(
            $"etcd is at revision {revision} and was at {View.Revision}: it was emptied or restored; what was known stays, "
                + "and a control plane that is started anew takes what etcd has"
        );

    /// <summary>Reads everything.</summary>
    /// <returns>The revision to go on from.</returns>
    private async Task<long> LoadAsync(CancellationToken stop)
    {
        var (pairs, revision) = await _client.RangeAsync(EtcdKeys.Root, EtcdKeys.RootEnd, stop);
        var loaded = Applied(StoreView.Empty, pairs);
        if (loaded.Revision < View.Revision)
        {
            throw Emptied(loaded.Revision);
        }

        Publish(loaded);
        return revision + 1;
    }

    private async Task WatchAsync(long from)
    {
        var isDown = false;
        while (!_stop.IsCancellationRequested)
        {
            var member = _endpoints.Current;
            try
            {
                // After a failure everything is read again: what happened meanwhile may be compacted away.
                from = isDown ? await LoadAsync(_stop.Token) : from;
                var (response, lines) = await _client.WatchAsync(member, from, _stop.Token);
                using (response)
                using (lines)
                {
                    isDown = false;
                    Volatile.Write(ref _status, _status.Recovered());
                    await FollowAsync(lines);
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                Volatile.Write(ref _status, _status.Failed(error.Message.TrimEnd('.'), _time.GetUtcNow()));
                _log?.Warn("etcd cannot be followed", ("member", member.Authority), ("error", error.Message));
                _endpoints.Leave(member);
            }

            isDown = true;
            await Task.Delay(Retry, _time, _stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    /// <summary>Takes in what a watch says, until it ends or has become silent although there is something to say.</summary>
    private async Task FollowAsync(StreamReader lines)
    {
        var next = lines.ReadLineAsync(_stop.Token).AsTask();
        while (true)
        {
            string? line;
            try
            {
                line = await next.WaitAsync(Silence, _time, _stop.Token);
            }
            catch (TimeoutException)
            {
                await ReadAsync(_stop.Token);
                continue;
            }

            if (line is null)
            {
                throw new StoreException("the watch has ended");
            }

            Take(line);
            next = lines.ReadLineAsync(_stop.Token).AsTask();
        }
    }

    private void Take(string line)
    {
        using var json = JsonDocument.Parse(line);
        var result = json.RootElement.GetProperty("result");
        if (result.TryGetProperty("canceled", out var canceled) && canceled.GetBoolean())
        {
            throw new StoreException("the watch was ended by etcd");
        }

        if (result.TryGetProperty("events", out var events))
        {
            // Removals are those of histories that are too long, which the view bounds by itself.
            var written = events
                .EnumerateArray()
                .Where(e => !e.TryGetProperty("type", out var type) || type.GetString() != "DELETE")
                .Select(e => EtcdClient.PairOf(e.GetProperty("kv")));
            Publish(Applied(View, [.. written]));
        }
    }

    /// <summary>A view with further revisions; those that it knows already are passed over.</summary>
    private static StoreView Applied(StoreView view, IReadOnlyList<EtcdPair> pairs)
    {
        var revisions = pairs.Select(EtcdKeys.Read).OfType<(string Namespace, DocumentRevision Revision)>();
        foreach (var commit in revisions.GroupBy(r => (r.Revision.Revision, r.Namespace)).OrderBy(g => g.Key.Revision))
        {
            if (commit.Key.Revision > view.Namespace(commit.Key.Namespace).Revision)
            {
                view = view.With(commit.Key.Namespace, [.. commit.Select(r => r.Revision)]);
            }
        }

        return view;
    }

    private void Publish(StoreView view)
    {
        List<TaskCompletionSource> reached;
        lock (_gate)
        {
            if (view.Revision <= _view.Revision)
            {
                return;
            }

            Volatile.Write(ref _view, view);
            reached = [.. _readers.Where(r => r.Revision <= view.Revision).Select(r => r.Reached)];
            _readers.RemoveAll(r => r.Revision <= view.Revision);
        }

        foreach (var reader in reached)
        {
            reader.TrySetResult();
        }

        try
        {
            Changed?.Invoke(view);
        }
        catch (Exception error)
        {
            // A reader's defect is not the watch's.
            _log?.Error("a reader of the store failed", ("exception", error));
        }
    }

    /// <summary>Waits until the view has a revision.</summary>
    private async Task ReachAsync(long revision, CancellationToken stop)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_view.Revision >= revision)
            {
                return;
            }

            _readers.Add((revision, reached));
        }

        try
        {
            await reached.Task.WaitAsync(CatchUp, _time, stop);
        }
        catch (TimeoutException)
        {
            throw new StoreException($"what etcd has written is not known here yet: revision {revision}");
        }
        finally
        {
            lock (_gate)
            {
                _readers.RemoveAll(r => r.Reached == reached);
            }
        }
    }
}
