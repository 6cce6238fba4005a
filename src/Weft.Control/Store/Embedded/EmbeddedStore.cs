using System.Collections.Concurrent;
using Weft.Control.Records;
using Weft.Telemetry;

namespace Weft.Control;

/// <summary>
/// A store in a folder of this machine. One thread writes: it takes the commits that wait, appends them in one write, flushes
/// once, and acknowledges them all. Readers take the view and wait for nobody, also while the disk is full.
/// </summary>
public sealed class EmbeddedStore : IDocumentStore
{
    /// <summary>Commits that may wait for the disk; beyond it they are refused.</summary>
    private const int MaxWaiting = 1024;

    private readonly BlockingCollection<Waiting> _waiting = new(MaxWaiting);
    private readonly DataFolder _folder;
    private readonly LogFile _file;
    private readonly TimeProvider _time;
    private readonly Log? _log;
    private readonly Thread _writer;
    private StoreView _view;

    // Written by the writer alone.
    private StoreStatus _status = new("embedded");
    private bool _isClosed;

    private EmbeddedStore(DataFolder folder, LogFile file, StoreView view, TimeProvider time, Log? log)
    {
        (_folder, _file, _view, _time, _log) = (folder, file, view, time, log);
        _writer = new Thread(WriteAll) { Name = "weft store", IsBackground = true };
        _writer.Start();
    }

    public event Action<StoreView>? Changed;

    public StoreView View => Volatile.Read(ref _view);

    public StoreStatus Status => Volatile.Read(ref _status);

    /// <summary>Opens a folder, which is made if it is not there. What a crash left half-written is cut off.</summary>
    /// <exception cref="StoreException">It cannot be used; says why.</exception>
    public static EmbeddedStore Open(string root, TimeProvider time, Log? log = null) =>
        Open(root, time, log, DiskFile.Open);

    internal static EmbeddedStore Open(string root, TimeProvider time, Log? log, OpenAppendFile open)
    {
        var folder = DataFolder.Open(root);
        try
        {
            var (file, view) = LogFile.Open(folder, open);
            return new EmbeddedStore(folder, file, view, time, log);
        }
        catch (Exception error)
        {
            folder.Dispose();
            if (error is IOException or UnauthorizedAccessException)
            {
                throw new StoreException($"{root}: {error.Message.TrimEnd('.')}", error);
            }

            throw;
        }
    }

    public ValueTask<StoreView> ReadAsync(CancellationToken stop) => ValueTask.FromResult(View);

    public Task<CommitOutcome> CommitAsync(Commit commit, CancellationToken stop)
    {
        var waiting = new Waiting(commit);
        try
        {
            return _waiting.TryAdd(waiting)
                ? waiting.Outcome.Task
                : throw new StoreException($"the store is busy: {MaxWaiting} commits are waiting for the disk");
        }
        catch (InvalidOperationException closed)
        {
            throw new StoreException("the store is closed", closed);
        }
    }

    /// <summary>Writes what waits, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isClosed, true))
        {
            return;
        }

        _waiting.CompleteAdding();
        await Task.Run(_writer.Join);
        _file.Dispose();
        _folder.Dispose();
        _waiting.Dispose();
    }

    private void WriteAll()
    {
        foreach (var first in _waiting.GetConsumingEnumerable())
        {
            var group = new List<Waiting> { first };
            while (group.Count < MaxWaiting && _waiting.TryTake(out var next))
            {
                group.Add(next);
            }

            try
            {
                Write(group);
            }
            catch (Exception error)
            {
                // None of them is acknowledged; those that wait may fare better.
                Fail(group, error);
            }
        }
    }

    private void Write(List<Waiting> group)
    {
        var (before, view) = (_view, _view);
        var frame = new Frame();
        var outcomes = new List<(Waiting Waiting, Func<StoreView, CommitOutcome> Outcome)>(group.Count);
        var time = _time.GetUtcNow();
        foreach (var waiting in group)
        {
            var commit = waiting.Commit;
            if (CommitRules.Refusal(view, commit) is { } refusal)
            {
                outcomes.Add((waiting, _ => refusal));
                continue;
            }

            var written = CommitRules.Revisions(view, commit, view.Revision + 1, time);
            if (!written.IsEmpty)
            {
                view = view.With(commit.Namespace, written);
                frame.Revisions.AddRange(written.Select(r => LogContent.Record(commit.Namespace, r)));
            }

            var revision = view.Namespace(commit.Namespace).Revision;
            outcomes.Add((waiting, after => new CommitOutcome.Committed(after, revision, written)));
        }

        if (frame.Revisions.Count > 0)
        {
            _file.Append(frame, before);
            Volatile.Write(ref _view, view);
            Volatile.Write(ref _status, _status.Recovered());
        }

        foreach (var (waiting, outcome) in outcomes)
        {
            waiting.Outcome.SetResult(outcome(view));
        }

        if (!ReferenceEquals(before, view))
        {
            Tell(view);
            Compact(view);
        }
    }

    private void Tell(StoreView view)
    {
        try
        {
            Changed?.Invoke(view);
        }
        catch (Exception error)
        {
            // A reader's defect is not the writer's.
            _log?.Error("a reader of the store failed", ("exception", error));
        }
    }

    private void Compact(StoreView view)
    {
        if (!_file.IsWorthCompacting)
        {
            return;
        }

        try
        {
            _file.Rewrite(view);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _log?.Warn("the store cannot be made smaller", ("error", error.Message));
        }
    }

    private void Fail(List<Waiting> group, Exception error)
    {
        var cause = error is StoreException known
            ? known
            : new StoreException($"the change could not be written: {error.Message.TrimEnd('.')}", error);
        Volatile.Write(ref _status, _status.Failed(cause.Message, _time.GetUtcNow()));
        _log?.Error("the store could not be written", ("error", error.Message));
        foreach (var waiting in group)
        {
            waiting.Outcome.TrySetException(cause);
        }
    }

    private sealed record Waiting(Commit Commit)
    {
        public TaskCompletionSource<CommitOutcome> Outcome { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
