namespace Weft.Bench.ControlPlane.Wire;

/// <summary>What has come over the connections of one proxy, and when it last said something. Safe from any thread.</summary>
internal sealed class WireCount
{
    private long _received;
    private long _messages;

    /// <summary>Raised after each message that was said, with whether anything was heard on the same connection before.</summary>
    public event Action<bool>? Said;

    /// <summary>Bytes of all that came, HTTP/2's own included.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>Bytes of messages that came, with the five before each.</summary>
    public long Messages => Volatile.Read(ref _messages);

    public void OnReceived(int bytes, int messages)
    {
        Interlocked.Add(ref _received, bytes);
        Interlocked.Add(ref _messages, messages);
    }

    public void OnSaid(bool hasHeard) => Said?.Invoke(hasHeard);
}
