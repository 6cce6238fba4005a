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
