namespace Weft.Http;

/// <summary>A response's head, parsed and checked.</summary>
public sealed class ResponseHead : MessageHead
{
    private int _reasonStart;
    private int _reasonLength;

    /// <summary>100 to 599.</summary>
    public int Status { get; internal set; }

    /// <summary>The reason phrase as received; may be empty.</summary>
    public ReadOnlySpan<byte> Reason => Slice(_reasonStart, _reasonLength);

    /// <summary>A 1xx other than 101: the final response to the same request is still to come.</summary>
    public bool IsInterim => Status is >= 100 and < 200 and not 101;

    /// <summary>
    /// After this head the connection or stream carries another protocol: a 101, or a 2xx to CONNECT. Servers say it as their version does.
    /// </summary>
    public bool SwitchesProtocol { get; internal set; }

    public override void Reset()
    {
        base.Reset();
        Status = 0;
        SwitchesProtocol = false;
        _reasonStart = 0;
        _reasonLength = 0;
    }

    internal void SetReason(int start, int length)
    {
        _reasonStart = start;
        _reasonLength = length;
    }
}
