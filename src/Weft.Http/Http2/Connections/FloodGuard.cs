namespace Weft.Http;

/// <summary>
/// Bounds what a peer may have us do for nothing: a budget that useless frames spend and useful ones earn, refilled with time; and the share of streams
/// that are opened only to be reset.
/// </summary>
internal struct FloodGuard
{
    /// <summary>Useless frames that are taken at once.</summary>
    public const int Budget = 1000;

    /// <summary>Useless frames that are taken for ever, per second.</summary>
    public const int PerSecond = 100;

    /// <summary>Streams after which their share of resets is looked at.</summary>
    public const int ResetSample = 500;

    /// <summary>A reset counts when it comes within this time of the stream's beginning.</summary>
    public const int YoungMilliseconds = 1000;

    private int _left;
    private long _refilled;
    private int _opened;
    private int _reset;

    /// <summary>A guard that begins with a full budget.</summary>
    public FloodGuard(long nowMilliseconds)
    {
        _left = Budget;
        _refilled = nowMilliseconds;
    }

    /// <summary>A frame that moved nothing; false when it was one too many.</summary>
    public bool Spend(int cost, long nowMilliseconds)
    {
        _left -= cost;
        if (_left < 0)
        {
            var elapsed = Math.Min(nowMilliseconds - _refilled, 1000L * Budget);
            _refilled = nowMilliseconds;
            _left = (int)Math.Min(Budget, _left + (elapsed * PerSecond / 1000));
        }

        return _left >= 0;
    }

    /// <summary>A frame that moved something.</summary>
    public void Earn(int credit) => _left = Math.Min(Budget, _left + credit);

    public void OnOpened()
    {
        if (++_opened >= 2 * ResetSample)
        {
            _opened /= 2;
            _reset /= 2;
        }
    }

    /// <summary>The peer has reset a young stream; false when it hardly does anything else.</summary>
    public bool OnReset()
    {
        _reset++;
        // Callers that race several servers, or whose users click on, cancel a lot; only an attack cancels nearly everything.
        return _opened < ResetSample || _reset * 4L < _opened * 3L;
    }
}
