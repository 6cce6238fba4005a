namespace Weft.Http;

/// <summary>
/// Where a stream stands (RFC 9113 section 5.1), one method per event. Streams are never reserved: nobody pushes here.
/// <code>
///                        +--------+
///                send H  |        |  recv H
///                ,-------|  idle  |-------.
///               /        |        |        \
///              v         +--------+         v
///                        +--------+
///                recv ES |        | send ES
///                ,-------|  open  |-------.
///               /        |        |        \
///              v         +---+----+         v
///       +----------+         |         +----------+
///       |   half   |         |         |   half   |
///       |  closed  |         |         |  closed  |
///       | (remote) |         |         | (local)  |
///       +----+-----+         | send R  +-----+----+
///            |               | recv R        |
///            | send ES       v               | recv ES
///            | send R    +--------+          | send R
///            | recv R    |        |          | recv R
///            `----------&gt;| closed |&lt;---------'
///                        +--------+
///  H: HEADERS with its CONTINUATIONs   ES: the END_STREAM flag   R: RST_STREAM
/// </code>
/// </summary>
internal struct StreamState
{
    private Half _local;
    private Half _remote;

    private enum Half : byte
    {
        Idle,
        Open,
        Ended,
        Reset,
    }

    /// <summary>Nothing was sent or received yet.</summary>
    public readonly bool IsIdle => _local == Half.Idle;

    /// <summary>Both sides are done, or one has reset the stream.</summary>
    public readonly bool IsClosed => _local >= Half.Ended && _remote >= Half.Ended;

    public readonly bool IsReset => _local == Half.Reset || _remote == Half.Reset;

    /// <summary>Frames of the message may still be sent.</summary>
    public readonly bool CanSend => _local == Half.Open;

    /// <summary>The other side has sent END_STREAM.</summary>
    public readonly bool IsRemoteEnded => _remote == Half.Ended;

    /// <summary>We have sent END_STREAM.</summary>
    public readonly bool IsLocalEnded => _local == Half.Ended;

    /// <summary>The first HEADERS, of either side: both halves are open.</summary>
    public void Open()
    {
        _local = Half.Open;
        _remote = Half.Open;
    }

    /// <summary>A HEADERS frame on a stream that is not idle, or DATA.</summary>
    public readonly Http2Fault Receive() =>
        _remote switch
        {
            Half.Open => Http2Fault.None,
            Half.Idle => Http2Fault.Connection(Http2ErrorCode.ProtocolError),
            _ => Http2Fault.Stream(Http2ErrorCode.StreamClosed),
        };

    public void ReceiveEnd() => _remote = Half.Ended;

    public void ReceiveReset()
    {
        _local = _local == Half.Ended ? Half.Ended : Half.Reset;
        _remote = Half.Reset;
    }

    public void SendEnd() => _local = Half.Ended;

    public void SendReset()
    {
        _local = Half.Reset;
        _remote = _remote == Half.Ended ? Half.Ended : Half.Reset;
    }
}
