using Weft.Net;

namespace Weft.Http;

public abstract partial class Http2Connection
{
    private const int InputSize = 64 * 1024;

    // A part of a frame that waits for the rest of it does not hold a large buffer.
    private const int SmallInputSize = 4 * 1024;

    // After so many reads that never waited, the others on the loop have their turn.
    private const int ReadsBeforeYield = 4;

    // What a peer may still send after GOAWAY before we stop listening.
    private const int LingerBytes = 1024 * 1024;

    private byte[] _input = [];
    private int _start;
    private int _end;

    /// <summary>Bytes of the connection preface that are still to come; a server's affair.</summary>
    private protected int PrefaceLeft { get; set; }

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    private protected const int PrefaceLength = 24;

    /// <summary>Bytes that someone has read before: they are looked at as if they had come now. Before <see cref="RunAsync"/>.</summary>
    private protected void Unread(ReadOnlySpan<byte> received)
    {
        if (!received.IsEmpty)
        {
            _input = Loop.Buffers.Rent(Math.Max(InputSize, received.Length));
            received.CopyTo(_input);
            _end = received.Length;
        }
    }

    private async LoopTask ReadAsync()
    {
        TakeReceived();
        var reads = 0;
        var lingered = 0;
        while (true)
        {
            ShrinkInput();
            if (reads == ReadsBeforeYield)
            {
                reads = 0;
                Loop.Defer(static c => ((Http2Connection)c!)._yielded.Complete(result: true), this);
                _ = await _yielded.Arm();
            }

            if (!Connection.MayBeReadable)
            {
                reads = 0;
            }

            if (!await Connection.ReadableAsync())
            {
                End(Http2EndReason.Aborted);
                return;
            }

            EnsureInput();
            var n = Connection.TryRead(_input.AsSpan(_end));
            if (n == Connection.WouldBlock)
            {
                continue;
            }

            if (n <= 0)
            {
                End(n == 0 ? EndOfStream : Http2EndReason.Lost);
                RunWakes();
                return;
            }

            reads++;
            if (_isEnding)
            {
                lingered += n;
                if (lingered > LingerBytes)
                {
                    return;
                }

                continue;
            }

            _end += n;
            _frameMilliseconds = Loop.NowMilliseconds;
            TakeReceived();
        }
    }

    /// <summary>What it means that the peer closes.</summary>
    private protected abstract Http2EndReason EndOfStream { get; }

    /// <summary>Looks at all frames that are there; only then runs those who wait for them.</summary>
    private void TakeReceived()
    {
        _isParsing = true;
        while (!_isEnding && TryFrame()) { }

        _isParsing = false;
        RunWakes();
        if (_mayPump)
        {
            PumpSends();
        }
    }

    private bool TryFrame()
    {
        if (PrefaceLeft > 0 && !TakePreface())
        {
            return false;
        }

        if (_end - _start < FrameHeader.Size)
        {
            return false;
        }

        var frame = FrameHeader.Read(_input.AsSpan(_start));
        if (frame.Length > FrameHeader.DefaultMaxLength)
        {
            Fail(Http2Fault.Connection(Http2ErrorCode.FrameSizeError));
            return false;
        }

        if (_end - _start < FrameHeader.Size + frame.Length)
        {
            return false;
        }

        var payload = _input.AsSpan(_start + FrameHeader.Size, frame.Length);
        _start += FrameHeader.Size + frame.Length;
        var fault = Receive(frame, payload);
        if (!fault.IsNone)
        {
            Handle(fault, frame.StreamId);
        }

        return true;
    }

    private bool TakePreface()
    {
        var taken = Math.Min(PrefaceLeft, _end - _start);
        if (!_input.AsSpan(_start, taken).SequenceEqual(Preface.Slice(PrefaceLength - PrefaceLeft, taken)))
        {
            Fail(new Http2Fault(FaultScope.Connection, Http2ErrorCode.ProtocolError, Http2EndReason.BadPreface));
            return false;
        }

        _start += taken;
        PrefaceLeft -= taken;
        return PrefaceLeft == 0;
    }

    private void EnsureInput()
    {
        if (_input.Length < InputSize)
        {
            var larger = Loop.Buffers.Rent(InputSize);
            _input.AsSpan(_start, _end - _start).CopyTo(larger);
            var length = _end - _start;
            ReturnInput();
            _input = larger;
            _end = length;
        }
        else if (_start > 0)
        {
            _input.AsSpan(_start, _end - _start).CopyTo(_input);
            _end -= _start;
            _start = 0;
        }
    }

    /// <summary>Before waiting: nothing held, or little.</summary>
    private void ShrinkInput()
    {
        var left = _end - _start;
        if (left == 0 || _isEnding)
        {
            ReturnInput();
        }
        else if (left <= SmallInputSize && _input.Length > SmallInputSize && !Connection.MayBeReadable)
        {
            var small = Loop.Buffers.Rent(SmallInputSize);
            _input.AsSpan(_start, left).CopyTo(small);
            ReturnInput();
            _input = small;
            _end = left;
        }
    }

    private void ReturnInput()
    {
        if (_input.Length > 0)
        {
            Loop.Buffers.Return(_input);
            _input = [];
        }

        _start = 0;
        _end = 0;
    }

    private void ReleaseInput()
    {
        ReturnInput();
        ReturnBlock();
    }
}
