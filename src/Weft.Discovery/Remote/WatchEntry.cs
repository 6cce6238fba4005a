namespace Weft.Discovery;

/// <summary>One key of a table: what is known of it, and who asked for it when. Written by its watch, read by anyone.</summary>
internal sealed class WatchEntry<T> : IWatchReport<T>
    where T : class
{
    private readonly IEqualityComparer<T> _comparer;
    private readonly TimeProvider _time;
    private readonly Action<bool> _onNews;
    private readonly CancellationTokenSource _stop;
    private WatchState<T> _state;
    private long _usedAt;

    /// <summary>A key of which nothing is known yet.</summary>
    /// <param name="key">What is watched.</param>
    /// <param name="comparer">Which values say the same.</param>
    /// <param name="time">The table's clock.</param>
    /// <param name="onNews">Called when the state is another; true when the value is.</param>
    /// <param name="stopped">When the whole table ends.</param>
    public WatchEntry(
        string key,
        IEqualityComparer<T> comparer,
        TimeProvider time,
        Action<bool> onNews,
        CancellationToken stopped
    )
    {
        Key = key;
        _comparer = comparer;
        _time = time;
        _onNews = onNews;
        _usedAt = time.GetTimestamp();
        _state = new WatchState<T>(null, null, _usedAt);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stopped);
        Stopped = _stop.Token;
    }

    public string Key { get; }

    public WatchState<T> State => Volatile.Read(ref _state);

    public CancellationToken Stopped { get; }

    /// <summary>A timestamp of the table's clock.</summary>
    public long UsedAt => Volatile.Read(ref _usedAt);

    /// <summary>The watch itself; set when it has begun.</summary>
    public Task Watching { get; set; } = Task.CompletedTask;

    public void Touch(long now) => Volatile.Write(ref _usedAt, now);

    public void Take(T value)
    {
        var before = State;
        var isNews = before.Value is null || !_comparer.Equals(before.Value, value);
        // An equal value stays the same object, so that nobody works it out again.
        Set(before, new WatchState<T>(isNews ? value : before.Value, null, _time.GetTimestamp()), isNews);
    }

    public void Confirm()
    {
        var before = State;
        if (before.Value is not null)
        {
            Set(before, before with { Problem = null, CurrentAt = _time.GetTimestamp() }, isNews: false);
        }
    }

    public void Reject(string why)
    {
        var before = State;
        Set(before, before with { Problem = why }, isNews: before.Value is null && before.Problem is null);
    }

    public void Stop() => _stop.Cancel();

    /// <summary>To be called when the watch has ended.</summary>
    public void Dispose() => _stop.Dispose();

    private void Set(WatchState<T> before, WatchState<T> next, bool isNews)
    {
        if (Stopped.IsCancellationRequested)
        {
            return;
        }
        Volatile.Write(ref _state, next);
        if (isNews || before.Problem != next.Problem)
        {
            _onNews(isNews);
        }
    }
}
