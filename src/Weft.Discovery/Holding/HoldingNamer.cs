using System.Collections.Concurrent;
using System.Collections.Immutable;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>
/// A namer whose mass withdrawals are believed only when its source still says so after a while (<see cref="MassRemovalHold"/>):
/// until then the name stays bound and its endpoints stay in use.
/// </summary>
public sealed class HoldingNamer : IDiscoveryNamer
{
    /// <summary>Names that are kept an eye on; what goes beyond is believed at once.</summary>
    private const int MaxNames = 100_000;

    private const int MaxProblems = 16;

    private static readonly TimeSpan ReviewInterval = TimeSpan.FromSeconds(1);

    private readonly IDiscoveryNamer _inner;
    private readonly TimeSpan _hold;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ConcurrentDictionary<Naming.Path, HeldName> _names = new();
    private readonly ITimer _reviewing;
    private ImmutableArray<Problem> _held = [];
    private int _isReviewing;

    /// <summary>Stands before another namer.</summary>
    /// <param name="inner">Whose answers these are; it becomes the namer's own.</param>
    /// <param name="hold">How long the source must go on saying so; more than zero.</param>
    /// <param name="time">The clock of all intervals.</param>
    public HoldingNamer(IDiscoveryNamer inner, TimeSpan hold, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(hold, TimeSpan.Zero);
        (_inner, _hold, _time, _start) = (inner, hold, time, time.GetTimestamp());
        _reviewing = time.CreateTimer(_ => Review(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _inner.Changed += Pass;
    }

    public Naming.Path Prefix => _inner.Prefix;

    public IReadOnlyList<Problem> Problems
    {
        get
        {
            ImmutableArray<Problem> held;
            lock (_reviewing)
            {
                held = _held;
            }
            return [.. _inner.Problems, .. held];
        }
    }

    /// <summary>Of the source: what is held is no failure.</summary>
    public TimeSpan? FailingFor => _inner.FailingFor;

    public event Action? Changed;

    public void Start() => _inner.Start();

    public NameState Lookup(Naming.Path path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var state = _inner.Lookup(path);
        if (_names.IsEmpty || !path.StartsWith(Prefix))
        {
            return state;
        }
        var boundLength = state is NameState.Ok { Tree: NameTree<BoundName>.Leaf leaf } ? leaf.Value.Id.Length : 0;
        for (var length = path.Length; length > Math.Max(Prefix.Length, boundLength); length--)
        {
            var id = path.Take(length);
            if (_names.ContainsKey(id) && Endpoints(id) is EndpointSet.Known { Endpoints.IsEmpty: false })
            {
                return NameState.Bound(id, path.Skip(length));
            }
        }
        return state;
    }

    public EndpointSet Endpoints(Naming.Path concreteName)
    {
        ArgumentNullException.ThrowIfNull(concreteName);
        var said = _inner.Endpoints(concreteName);
        if (said is not (EndpointSet.Known or EndpointSet.Neg))
        {
            // The watch has begun anew: what was before it is not compared with what comes.
            _names.TryRemove(concreteName, out _);
            return said;
        }
        if (!_names.TryGetValue(concreteName, out var name))
        {
            if (said is not EndpointSet.Known { Endpoints.IsEmpty: false } || _names.Count >= MaxNames)
            {
                return said;
            }
            name = _names.GetOrAdd(concreteName, new HeldName(_hold));
        }
        var shown = name.Apply(said, _inner.StaleFor(concreteName) is null, _time.GetElapsedTime(_start));
        if (shown is not EndpointSet.Known { Endpoints.IsEmpty: false })
        {
            _names.TryRemove(concreteName, out _);
        }
        else if (name.Held > 0 && Interlocked.Exchange(ref _isReviewing, 1) == 0)
        {
            _reviewing.Change(ReviewInterval, ReviewInterval);
        }
        return shown;
    }

    public TimeSpan? StaleFor(Naming.Path concreteName) => _inner.StaleFor(concreteName);

    public async ValueTask DisposeAsync()
    {
        _inner.Changed -= Pass;
        await _reviewing.DisposeAsync();
        await _inner.DisposeAsync();
    }

    private void Pass() => Changed?.Invoke();

    /// <summary>Looks whether anything that is held has been confirmed, and tells of what is held.</summary>
    private void Review()
    {
        var held = new List<Problem>();
        var isNews = false;
        var isHolding = false;
        foreach (var (id, name) in _names)
        {
            var count = name.Held;
            if (count == 0)
            {
                continue;
            }
            // Asked as anyone would ask, which takes in what has come to be so.
            _ = Endpoints(id);
            isHolding |= name.Held > 0;
            isNews |= name.Held != count;
            if (name.Held > 0 && held.Count < MaxProblems)
            {
                held.Add(
                    new Problem(
                        id.ToString(),
                        0,
                        0,
                        $"{name.Held} endpoints were withdrawn at once; they stay in use until that has been so for {_hold.TotalSeconds:0.###} s"
                    )
                );
            }
        }
        lock (_reviewing)
        {
            isNews |= !_held.SequenceEqual(held);
            _held = [.. held];
        }
        if (!isHolding)
        {
            _reviewing.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            Volatile.Write(ref _isReviewing, 0);
        }
        if (isNews)
        {
            Changed?.Invoke();
        }
    }
}
