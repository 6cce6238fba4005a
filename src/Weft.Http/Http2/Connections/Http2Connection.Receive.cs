using System.Buffers.Binary;

namespace Weft.Http;

public abstract partial class Http2Connection
{
    // CONTINUATION frames per head: the compressed head is bounded besides.
    private const int MaxContinuations = 64;

    // A head whose CONTINUATION frames are still coming.
    private byte[] _block = [];
    private int _blockLength;
    private int _blockStream;
    private int _blockFrames;
    private bool _blockEndsStream;
    private bool _blockDependsOnItself;
    private bool _gotSettings;
    private ReceiveWindow _receiveWindow;

    private Http2Fault Receive(in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        if (!_gotSettings && (frame.Type != FrameType.Settings || frame.IsAck))
        {
            return Http2Fault.Connection(Http2ErrorCode.ProtocolError);
        }

        if (_blockStream != 0 && (frame.Type != FrameType.Continuation || frame.StreamId != _blockStream))
        {
            return Http2Fault.Connection(Http2ErrorCode.ProtocolError);
        }

        var fault = FrameRules.Check(frame, FrameHeader.DefaultMaxLength);
        if (!fault.IsNone)
        {
            return fault;
        }

        switch (frame.Type)
        {
            case FrameType.Data:
                return ReceiveData(frame, payload);
            case FrameType.Headers:
                return ReceiveHeaders(frame, payload);
            case FrameType.Continuation:
                return ReceiveContinuation(frame, payload);
            case FrameType.WindowUpdate:
                return ReceiveWindowUpdate(frame.StreamId, BinaryPrimitives.ReadInt32BigEndian(payload) & int.MaxValue);
            case FrameType.ResetStream:
                return ReceiveReset(frame.StreamId, (Http2ErrorCode)BinaryPrimitives.ReadInt32BigEndian(payload));
            case FrameType.GoAway:
                OnGoAway(
                    BinaryPrimitives.ReadInt32BigEndian(payload) & int.MaxValue,
                    (Http2ErrorCode)BinaryPrimitives.ReadInt32BigEndian(payload[4..])
                );
                return Useless();
        }

        fault = Useless();
        if (!fault.IsNone)
        {
            return fault;
        }

        switch (frame.Type)
        {
            case FrameType.Settings:
                return ReceiveSettings(frame, payload);
            case FrameType.Ping when frame.IsAck:
                _pingDue = long.MaxValue;
                OnPong();
                break;
            case FrameType.Ping:
                WriteControl(FrameType.Ping, FrameFlags.Ack, 0, payload);
                break;
            case FrameType.Priority when FrameRules.DependsOnItself(frame, payload):
                return Streams.Find(frame.StreamId) is null
                    ? Http2Fault.Connection(Http2ErrorCode.ProtocolError)
                    : Http2Fault.Stream(Http2ErrorCode.ProtocolError);
        }

        // Priorities are ignored, and so are frames of unknown types (RFC 9113 sections 5.3 and 5.5).
        return Http2Fault.None;
    }

    private Http2Fault Useless(int cost = 1) =>
        _guard.Spend(cost, Loop.NowMilliseconds) ? Http2Fault.None : Http2Fault.Flood(Http2EndReason.FrameFlood);

    private Http2Fault ReceiveData(in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        if (!_receiveWindow.TryTake(frame.Length))
        {
            return Http2Fault.Connection(Http2ErrorCode.FlowControlError);
        }

        var fault = FrameRules.Strip(frame, payload, out var data);
        if (!fault.IsNone)
        {
            return fault;
        }

        if (data.IsEmpty && !frame.IsEndStream)
        {
            fault = Useless();
            if (!fault.IsNone)
            {
                return fault;
            }
        }
        else
        {
            _guard.Earn(data.Length >= SmallData ? 4 : 1);
        }

        var stream = Streams.Find(frame.StreamId);
        if (stream is null)
        {
            GiveBack(frame.Length);
            return LateData(frame.StreamId);
        }

        fault = stream.State.Receive();
        if (!fault.IsNone)
        {
            GiveBack(frame.Length);
            // What was on its way when we reset the stream is no error.
            return stream.State.IsReset && stream.ResetCode is null ? Useless() : fault;
        }

        fault = stream.OnData(data, frame.Length, frame.IsEndStream);
        if (fault.IsNone)
        {
            QueueWake(stream);
        }
        else
        {
            GiveBack(frame.Length);
        }

        return fault;
    }

    /// <summary>DATA on a stream that is not in use any more, or never was.</summary>
    private Http2Fault LateData(int streamId) =>
        IsUnused(streamId)
            ? Http2Fault.Connection(Http2ErrorCode.ProtocolError)
            : _closed.Find(streamId) switch
            {
                // One that ended long ago may have been reset here too, and the peer has heard of that.
                StreamEnd.ResetHere or StreamEnd.Unknown => Useless(),
                StreamEnd.Ended => Http2Fault.Connection(Http2ErrorCode.StreamClosed),
                _ => Http2Fault.Stream(Http2ErrorCode.StreamClosed),
            };

    private protected StreamEnd EndOf(int streamId) => _closed.Find(streamId);

    private Http2Fault ReceiveHeaders(in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        var fault = FrameRules.Strip(frame, payload, out var fragment);
        if (!fault.IsNone)
        {
            return fault;
        }

        var dependsOnItself = FrameRules.DependsOnItself(frame, payload);
        if (frame.IsEndHeaders)
        {
            return OnHeaders(frame.StreamId, frame.IsEndStream, fragment, dependsOnItself);
        }

        _blockStream = frame.StreamId;
        _blockEndsStream = frame.IsEndStream;
        _blockDependsOnItself = dependsOnItself;
        _blockFrames = 0;
        _headersDue = Loop.NowMilliseconds + Options.HeadMilliseconds;
        Watch(_headersDue);
        return AppendToBlock(fragment);
    }

    private Http2Fault ReceiveContinuation(in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        if (_blockStream == 0)
        {
            return Http2Fault.Connection(Http2ErrorCode.ProtocolError);
        }

        var fault =
            ++_blockFrames > MaxContinuations
                ? Http2Fault.Flood(Http2EndReason.ContinuationFlood)
                : AppendToBlock(payload);
        if (!fault.IsNone || !frame.IsEndHeaders)
        {
            return fault;
        }

        _blockStream = 0;
        _headersDue = long.MaxValue;
        fault = OnHeaders(frame.StreamId, _blockEndsStream, _block.AsSpan(0, _blockLength), _blockDependsOnItself);
        ReturnBlock();
        return fault;
    }

    private Http2Fault AppendToBlock(ReadOnlySpan<byte> fragment)
    {
        var needed = _blockLength + fragment.Length;
        if (needed > Math.Min(Options.Limits.MaxBytes, HeadBytes.MostBytes) + FrameHeader.DefaultMaxLength)
        {
            return Http2Fault.Flood(Http2EndReason.ContinuationFlood);
        }

        if (needed > _block.Length)
        {
            var larger = Loop.Buffers.Rent(Math.Max(needed, _blockLength * 2));
            _block.AsSpan(0, _blockLength).CopyTo(larger);
            var length = _blockLength;
            ReturnBlock();
            _block = larger;
            _blockLength = length;
        }

        fragment.CopyTo(_block.AsSpan(_blockLength));
        _blockLength = needed;
        return Http2Fault.None;
    }

    private Http2Fault ReceiveReset(int streamId, Http2ErrorCode code)
    {
        if (Streams.Find(streamId) is { } stream)
        {
            return OnPeerReset(stream, code);
        }

        return IsUnused(streamId) ? Http2Fault.Connection(Http2ErrorCode.ProtocolError) : Useless();
    }

    private Http2Fault ReceiveSettings(in FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        if (frame.IsAck)
        {
            _settingsDue = long.MaxValue;
            return Http2Fault.None;
        }

        var window = Peer.InitialWindowSize;
        var fault = Peer.Apply(payload, fromServer: !IsServer);
        if (!fault.IsNone)
        {
            return fault;
        }

        _gotSettings = true;
        _headersDue = _blockStream == 0 ? long.MaxValue : _headersDue;
        Encoder.SetPeerLimit(Peer.HeaderTableSize);
        if (!TryResizeWindows(Peer.InitialWindowSize - window))
        {
            return Http2Fault.Connection(Http2ErrorCode.FlowControlError);
        }

        WriteControl(FrameType.Settings, FrameFlags.Ack, 0, default);
        OnSettings();
        return Http2Fault.None;
    }

    private void ReturnBlock()
    {
        if (_block.Length > 0)
        {
            Loop.Buffers.Return(_block);
            _block = [];
        }

        _blockLength = 0;
    }
}
