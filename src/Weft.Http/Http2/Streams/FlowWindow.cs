namespace Weft.Http;

/// <summary>What may still be sent on a stream or a connection (RFC 9113 section 6.9). Negative after the other side has made it smaller.</summary>
internal struct SendWindow(int size)
{
    public int Available { get; private set; } = size;

    public void Spend(int count) => Available -= count;

    /// <summary>A WINDOW_UPDATE, or the change of SETTINGS_INITIAL_WINDOW_SIZE; false when the window exceeds 2^31 - 1.</summary>
    public bool TryAdd(int increment)
    {
        var sum = (long)Available + increment;
        if (sum > int.MaxValue)
        {
            return false;
        }

        Available = (int)sum;
        return true;
    }
}

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
