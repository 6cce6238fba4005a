namespace Weft.Resilience;

/// <summary>How long calls wait for a connection or a place.</summary>
/// <param name="Capacity">Calls that wait at once, 0 to a million; one more is turned away.</param>
/// <param name="MaxWait">The longest wait while the queue empties now and then.</param>
/// <param name="StandingWait">The longest wait once it has not been empty for <paramref name="MaxWait"/>.</param>
public sealed record PendingOptions(int Capacity, TimeSpan MaxWait, TimeSpan StandingWait);

/// <summary>
/// A bounded queue that does not let an overload become a backlog (B. Maurer, "Fail at Scale", ACM Queue, 2015; after CoDel). While it
/// empties now and then it is first in, first out. Once it has been standing for the longest wait, more comes than goes: then the newest
/// is served first, whose caller is still there, and the others are told soon that they will not be served. Served in order, all would wait for the
/// whole backlog, and most would be given up just before their turn.
/// </summary>
/// <remarks>Bookkeeping for one loop. A caller that gives up leaves in constant time, by the ticket that it was given.</remarks>
public sealed class PendingQueue<T>
    where T : class
{
    private const int Nobody = -1;

    private readonly int _capacity;
    private readonly long _maxWait;
    private readonly long _standingWait;
    private Place[] _places = [];
    private int _oldest = Nobody;
    private int _newest = Nobody;
    private int _free = Nobody;
    private long _filledAt;

    /// <summary>An empty queue; memory grows with the calls that wait.</summary>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public PendingQueue(PendingOptions options)
    {
        if (options.Capacity is < 0 or > 1_000_000)
            throw new ArgumentException("the capacity must be 0 to a million", nameof(options));
        if (options.StandingWait < TimeSpan.Zero || options.MaxWait < options.StandingWait)
            throw new ArgumentException("there must be 0 <= standing wait <= longest wait", nameof(options));
        _capacity = options.Capacity;
        _maxWait = Nanoseconds.Of(options.MaxWait);
        _standingWait = Nanoseconds.Of(options.StandingWait);
    }

    public int Count { get; private set; }

    /// <summary>More comes than goes: the queue has not been empty for the longest wait.</summary>
    public bool IsStanding(long now) => Count > 0 && now - _filledAt >= _maxWait;

    /// <summary>Gets in line; the ticket, or -1 when the queue is full.</summary>
    public int Add(T item, long now)
    {
        if (Count == _capacity)
            return Nobody;
        if (Count++ == 0)
            _filledAt = now;
        var place = FreePlace();
        _places[place] = new Place(item, now, Older: _newest, Newer: Nobody);
        if (_newest == Nobody)
            _oldest = place;
        else
            _places[_newest].Newer = place;
        return _newest = place;
    }

    /// <summary>Leaves the line before its turn; once, with the ticket of <see cref="Add"/>.</summary>
    public void Remove(int ticket) => Take(ticket);

    /// <summary>Whose turn it is; false when nobody waits.</summary>
    public bool TryNext(long now, out T? item)
    {
        item = Count == 0 ? default : Take(IsStanding(now) ? _newest : _oldest);
        return item is not null;
    }

    /// <summary>Somebody who has waited too long, the oldest first; false when nobody has. Ask until it says so.</summary>
    public bool TryExpired(long now, out T? item)
    {
        item = Count > 0 && now >= ExpiresAt(now) ? Take(_oldest) : default;
        return item is not null;
    }

    /// <summary>When <see cref="TryExpired"/> should be asked next; <see cref="long.MaxValue"/> when nobody waits.</summary>
    public long NextExpiry(long now) =>
        Count == 0
            ? long.MaxValue
            : Math.Min(ExpiresAt(now), Math.Max(_filledAt + _maxWait, ExpiresAt(_filledAt + _maxWait)));

    private long ExpiresAt(long now) => _places[_oldest].Since + (IsStanding(now) ? _standingWait : _maxWait);

    private T Take(int place)
    {
        var (item, _, older, newer) = _places[place];
        if (older == Nobody)
            _oldest = newer;
        else
            _places[older].Newer = newer;
        if (newer == Nobody)
            _newest = older;
        else
            _places[newer].Older = older;
        _places[place] = new Place(default!, 0, Older: _free, Newer: Nobody);
        _free = place;
        Count--;
        return item;
    }

    private int FreePlace()
    {
        if (_free == Nobody)
        {
            var length = _places.Length;
            Array.Resize(ref _places, Math.Min(_capacity, Math.Max(8, 2 * length)));
            for (var i = _places.Length - 1; i >= length; i--)
                (_places[i], _free) = (new Place(default!, 0, Older: _free, Newer: Nobody), i);
        }

        var place = _free;
        _free = _places[place].Older;
        return place;
    }

    private record struct Place(T Item, long Since, int Older, int Newer);
}
