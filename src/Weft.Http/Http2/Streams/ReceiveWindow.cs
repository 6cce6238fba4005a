namespace Weft.Http;

/// <summary>
/// The credit that the other side was given. What was received takes from it; what the consumer has done with is given back, in pieces of half the
/// window, so that no more than the window is ever held.
/// </summary>
internal struct ReceiveWindow
{
    private readonly int _size;
    private int _available;
    private int _consumed;

    /// <summary>The whole credit is given.</summary>
    public ReceiveWindow(int size)
    {
        _size = size;
        _available = size;
    }

    /// <summary>False when the other side has sent more than it may.</summary>
    public bool TryTake(int count)
    {
        if (count > _available)
        {
            return false;
        }

        _available -= count;
        return true;
    }

    /// <summary>The consumer has done with bytes: the increment to announce, or 0 when it is not worth a frame yet.</summary>
    public int GiveBack(int count)
    {
        _consumed += count;
        if (_consumed < _size / 2)
        {
            return 0;
        }

        var increment = _consumed;
        _available += increment;
        _consumed = 0;
        return increment;
    }
}
