namespace Weft.Http;

/// <summary>
/// The live streams of a connection by their number. Numbers grow by two, so that they fill an array almost without collisions.
/// </summary>
internal sealed class StreamTable
{
    private Http2Stream?[] _slots = new Http2Stream?[16];

    public int Count { get; private set; }

    public Http2Stream? Find(int id)
    {
        var mask = _slots.Length - 1;
        for (var i = (id >> 1) & mask; _slots[i] is { } stream; i = (i + 1) & mask)
        {
            if (stream.Id == id)
            {
                return stream;
            }
        }

        return null;
    }

    public void Add(Http2Stream stream)
    {
        if (Count * 2 >= _slots.Length)
        {
            var old = _slots;
            _slots = new Http2Stream?[old.Length * 2];
            foreach (var moved in old)
            {
                if (moved is not null)
                {
                    Insert(moved);
                }
            }
        }

        Count++;
        Insert(stream);
    }

    public void Remove(Http2Stream stream)
    {
        var mask = _slots.Length - 1;
        var hole = (stream.Id >> 1) & mask;
        while (!ReferenceEquals(_slots[hole], stream))
        {
            if (_slots[hole] is null)
            {
                return;
            }

            hole = (hole + 1) & mask;
        }

        Count--;
        // Those behind the hole that could not be found over it move up.
        for (var i = (hole + 1) & mask; _slots[i] is { } next; i = (i + 1) & mask)
        {
            var home = (next.Id >> 1) & mask;
            if (((i - home) & mask) >= ((i - hole) & mask))
            {
                _slots[hole] = next;
                hole = i;
            }
        }

        _slots[hole] = null;
    }

    /// <summary>Walks the live streams; none may come or go meanwhile.</summary>
    public ReadOnlySpan<Http2Stream?> Slots => _slots;

    private void Insert(Http2Stream stream)
    {
        var mask = _slots.Length - 1;
        var i = (stream.Id >> 1) & mask;
        while (_slots[i] is not null)
        {
            i = (i + 1) & mask;
        }

        _slots[i] = stream;
    }
}
