namespace Weft.Http;

/// <summary>What a frame must fulfil whatever the state of its connection: its size, and whether it names a stream.</summary>
internal static class FrameRules
{
    private const int PriorityLength = 5;
    private const int ResetLength = 4;
    private const int PingLength = 8;
    private const int GoAwayLength = 8;
    private const int WindowUpdateLength = 4;

    /// <summary>Checks a header before its payload is waited for.</summary>
    public static Http2Fault Check(in FrameHeader frame, int maxLength)
    {
        if (frame.Length > maxLength)
        {
            return Http2Fault.Connection(Http2ErrorCode.FrameSizeError);
        }

        return frame.Type switch
        {
            FrameType.Data or FrameType.Headers or FrameType.Continuation => OnStream(frame),
            FrameType.Priority => OnStream(frame) is { IsNone: false } fault ? fault
            : frame.Length != PriorityLength ? Http2Fault.Stream(Http2ErrorCode.FrameSizeError)
            : Http2Fault.None,
            FrameType.ResetStream => OnStream(frame) is { IsNone: false } fault
                ? fault
                : Sized(frame.Length == ResetLength),
            FrameType.WindowUpdate => Sized(frame.Length == WindowUpdateLength),
            FrameType.Settings => OnConnection(frame) is { IsNone: false } fault
                ? fault
                : Sized(frame.IsAck ? frame.Length == 0 : frame.Length % Http2Settings.EntryLength == 0),
            FrameType.Ping => OnConnection(frame) is { IsNone: false } fault
                ? fault
                : Sized(frame.Length == PingLength),
            FrameType.GoAway => OnConnection(frame) is { IsNone: false } fault
                ? fault
                : Sized(frame.Length >= GoAwayLength),
            // Nobody may push to a server, and a client here never allows it (RFC 9113 section 8.4).
            FrameType.PushPromise => Http2Fault.Connection(Http2ErrorCode.ProtocolError),
            _ => Http2Fault.None,
        };
    }

    /// <summary>
    /// Takes padding, and the deprecated priority of HEADERS, off a payload; the rest is what counts.
    /// </summary>
    public static Http2Fault Strip(in FrameHeader frame, ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> rest)
    {
        rest = payload;
        var padding = 0;
        if ((frame.Flags & FrameFlags.Padded) != FrameFlags.None)
        {
            if (rest.IsEmpty)
            {
                return Http2Fault.Connection(Http2ErrorCode.FrameSizeError);
            }

            padding = rest[0];
            rest = rest[1..];
        }

        if (frame.Type == FrameType.Headers && (frame.Flags & FrameFlags.Priority) != FrameFlags.None)
        {
            if (rest.Length < PriorityLength)
            {
                return Http2Fault.Connection(Http2ErrorCode.FrameSizeError);
            }

            rest = rest[PriorityLength..];
        }

        if (padding > rest.Length)
        {
            return Http2Fault.Connection(Http2ErrorCode.ProtocolError);
        }

        rest = rest[..^padding];
        return Http2Fault.None;
    }

    /// <summary>True when the priority in a HEADERS or PRIORITY frame makes its stream depend on itself (RFC 7540 section 5.3.1).</summary>
    public static bool DependsOnItself(in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        var at = 0;
        if (frame.Type == FrameType.Headers)
        {
            if ((frame.Flags & FrameFlags.Priority) == FrameFlags.None)
            {
                return false;
            }

            at = (frame.Flags & FrameFlags.Padded) != FrameFlags.None ? 1 : 0;
        }

        return payload.Length >= at + PriorityLength
            && (System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(payload[at..]) & int.MaxValue)
                == frame.StreamId;
    }

    private static Http2Fault OnStream(in FrameHeader frame) =>
        frame.StreamId == 0 ? Http2Fault.Connection(Http2ErrorCode.ProtocolError) : Http2Fault.None;

    private static Http2Fault OnConnection(in FrameHeader frame) =>
        frame.StreamId != 0 ? Http2Fault.Connection(Http2ErrorCode.ProtocolError) : Http2Fault.None;

    private static Http2Fault Sized(bool right) =>
        right ? Http2Fault.None : Http2Fault.Connection(Http2ErrorCode.FrameSizeError);
}
