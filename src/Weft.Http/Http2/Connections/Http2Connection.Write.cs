using System.Buffers.Binary;

namespace Weft.Http;

public abstract partial class Http2Connection
{
    // Frames of our own that wait to be sent: beyond this the peer lets us answer without ever reading.
    private const int MaxControlFrames = 1000;

    // A block that may not fit one frame is put together here.
    private byte[]? _largeBlock;
    private int _controlFrames;

    internal void SendWindowUpdate(int streamId, int increment)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, increment);
        WriteControl(FrameType.WindowUpdate, FrameFlags.None, streamId, payload);
    }

    private protected void SendReset(int streamId, Http2ErrorCode code)
    {
        Span<byte> payload = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, (int)code);
        WriteControl(FrameType.ResetStream, FrameFlags.None, streamId, payload);
    }

    private protected void WriteGoAway(int lastStream, Http2ErrorCode code)
    {
        Span<byte> payload = stackalloc byte[8];
        BinaryPrimitives.WriteInt32BigEndian(payload, lastStream);
        BinaryPrimitives.WriteInt32BigEndian(payload[4..], (int)code);
        _ = TryWriteFrame(FrameType.GoAway, FrameFlags.None, 0, payload);
    }

    /// <summary>Sends a frame that is no answer to a request's data; too many that nobody reads end the connection.</summary>
    private protected void WriteControl(FrameType type, FrameFlags flags, int streamId, ReadOnlySpan<byte> payload)
    {
        if (_isEnding)
        {
            return;
        }

        if (++_controlFrames > MaxControlFrames || !TryWriteFrame(type, flags, streamId, payload))
        {
            Fail(Http2Fault.Flood(Http2EndReason.ControlQueueFull));
        }
    }

    private bool TryWriteFrame(FrameType type, FrameFlags flags, int streamId, ReadOnlySpan<byte> payload)
    {
        var space = Output.Reserve(FrameHeader.Size + payload.Length);
        if (space.IsEmpty)
        {
            return false;
        }

        new FrameHeader(payload.Length, type, flags, streamId).Write(space);
        payload.CopyTo(space[FrameHeader.Size..]);
        Output.Commit(space.Length);
        return true;
    }

    /// <summary>Sends a response's head; false when it cannot be.</summary>
    internal bool TryWriteHead(Http2Stream stream, ResponseHead head, AddedFields? added, bool endStream)
    {
        var bound = HeadEncoder.Bound(head) + (added is null ? 0 : HeadEncoder.Bound(added));
        if (_isEnding || !TryBeginBlock(bound, out var block))
        {
            return false;
        }

        // What HTTP/1.1 says with 101 is a success here (RFC 8441 section 5).
        var status = head.SwitchesProtocol && head.Status == 101 ? 200 : head.Status;
        var length = HeadEncoder.Response(Encoder, block, status, head);
        if (added is not null)
        {
            length += HeadEncoder.Added(Encoder, block[length..], added);
        }

        EndBlock(stream.Id, length, endStream);
        return Sent(stream, endStream);
    }

    /// <summary>The same for a response that is made here.</summary>
    internal bool TryWriteHead(Http2Stream stream, LocalResponse response, bool endStream)
    {
        if (_isEnding || !TryBeginBlock(HeadEncoder.Bound(response.Fields) + 128, out var block))
        {
            return false;
        }

        var length = HeadEncoder.Response(Encoder, block, response.Status, response.Fields, response.Body.Length);
        EndBlock(stream.Id, length, endStream);
        return Sent(stream, endStream);
    }

    /// <summary>Sends a request's head.</summary>
    private protected bool TryWriteHead(int streamId, RequestHead head, AddedFields added, bool endStream)
    {
        if (!TryBeginBlock(HeadEncoder.Bound(head) + HeadEncoder.Bound(added), out var block))
        {
            return false;
        }

        var length = HeadEncoder.Request(Encoder, block, head);
        length += HeadEncoder.Added(Encoder, block[length..], added);
        EndBlock(streamId, length, endStream);
        return true;
    }

    private static bool Sent(Http2Stream stream, bool endStream)
    {
        if (endStream)
        {
            stream.State.SendEnd();
        }

        return true;
    }

    private bool TryWriteTrailers(Http2Stream stream, TrailerFields trailers)
    {
        if (!TryBeginBlock(HeadEncoder.Bound(trailers), out var block))
        {
            return false;
        }

        EndBlock(stream.Id, HeadEncoder.Trailers(Encoder, block, trailers), endStream: true);
        return true;
    }

    /// <summary>Room for a field block of at most <paramref name="bound"/> bytes. Nothing may be sent before it is ended.</summary>
    private bool TryBeginBlock(int bound, out Span<byte> block)
    {
        block = default;
        if (bound <= FrameHeader.DefaultMaxLength)
        {
            var space = Output.Reserve(FrameHeader.Size + bound);
            block = space.IsEmpty ? default : space[FrameHeader.Size..];
            return !space.IsEmpty;
        }

        var frames = (bound / FrameHeader.DefaultMaxLength) + 1;
        if (Output.Reserve(bound + (frames * FrameHeader.Size)).IsEmpty)
        {
            return false;
        }

        _largeBlock = Loop.Buffers.Rent(bound);
        block = _largeBlock;
        return true;
    }

    /// <summary>Sends the block as HEADERS and, where it is too long for one frame, CONTINUATION.</summary>
    private void EndBlock(int streamId, int length, bool endStream)
    {
        var flags = endStream ? FrameFlags.EndStream : FrameFlags.None;
        if (_largeBlock is null)
        {
            var space = Output.Reserve(FrameHeader.Size + length);
            new FrameHeader(length, FrameType.Headers, flags | FrameFlags.EndHeaders, streamId).Write(space);
            Output.Commit(space.Length);
            return;
        }

        var type = FrameType.Headers;
        for (var rest = _largeBlock.AsSpan(0, length); ; )
        {
            var count = Math.Min(rest.Length, FrameHeader.DefaultMaxLength);
            var last = count == rest.Length ? FrameFlags.EndHeaders : FrameFlags.None;
            _ = TryWriteFrame(type, flags | last, streamId, rest[..count]);
            rest = rest[count..];
            if (rest.IsEmpty)
            {
                break;
            }

            type = FrameType.Continuation;
            flags = FrameFlags.None;
        }

        Loop.Buffers.Return(_largeBlock);
        _largeBlock = null;
    }
}
