using Weft.Net;

namespace Weft.Http;

/// <summary>
/// What a connection has received and nobody has consumed yet. It holds a buffer only while there is something in it: a connection that waits
/// with nothing received holds none.
/// </summary>
/// <remarks>
/// A parsed head points into the buffer it was read into. <see cref="Retain"/> keeps that buffer as it is until <see cref="Release"/>; bytes
/// that come meanwhile go behind the head or, when there is no room, into another buffer.
/// </remarks>
/// <param name="connection">What is received from.</param>
/// <param name="smallSize">Bytes of the buffer in which a message begins, a power of two; a long message gets larger ones.</param>
public sealed class ReceiveBuffer(Connection connection, int smallSize = 8 * 1024)
{
    private const int LargeSize = 64 * 1024;

    // Less room than this is not worth a system call: take another buffer.
    private const int MinRoom = 2 * 1024;

    // After so many fills that never waited, the others on the loop have their turn.
    private const int FillsBeforeYield = 16;

    private byte[] _buffer = [];
    private byte[]? _retained;
    private bool _isRetained;
    private int _fillsWithoutWait;

    public byte[] Array => _buffer;

    public int Start { get; private set; }

    public int End { get; private set; }

    public int Available => End - Start;

    /// <summary>
    /// Bytes that someone has read before: they come first, as if they had been received here. Before anything else, and at most
    /// <see cref="BufferPool.MaxSize"/> bytes.
    /// </summary>
    public void Unread(ReadOnlySpan<byte> received)
    {
        if (!received.IsEmpty)
        {
            _buffer = connection.Loop.Buffers.Rent(Math.Max(smallSize, received.Length));
            received.CopyTo(_buffer);
            End = received.Length;
        }
    }

    /// <summary>The next <paramref name="count"/> bytes are dealt with.</summary>
    public void Consume(int count) => Start += count;

    /// <summary>Consumes bytes and gives them; they stay valid until the next <see cref="FillAsync"/>.</summary>
    public ReadOnlyMemory<byte> Take(int count)
    {
        var taken = new ReadOnlyMemory<byte>(_buffer, Start, count);
        Start += count;
        return taken;
    }

    /// <summary>Consumed bytes of the present buffer stay where they are until <see cref="Release"/>.</summary>
    public void Retain() => _isRetained = true;

    /// <summary>The head that was retained is no longer needed.</summary>
    public void Release()
    {
        _isRetained = false;
        if (_retained is not null)
        {
            connection.Loop.Buffers.Return(_retained);
            _retained = null;
        }
    }

    /// <summary>Gives every buffer back; what was not consumed is lost.</summary>
    public void Clear()
    {
        Release();
        ReturnBuffer();
    }

    /// <summary>
    /// Receives what is there: the number of bytes, 0 at the end of the stream, <see cref="Connection.Broken"/>, or <see cref="Connection.WouldBlock"/>: then
    /// <see cref="WaitAsync"/> comes next.
    /// </summary>
    /// <param name="large">True when a lot is expected, so that a large buffer is worth taking.</param>
    public int TryFill(bool large = false)
    {
        if (_fillsWithoutWait == FillsBeforeYield || !connection.MayBeReadable)
        {
            return Connection.WouldBlock; // Without taking a buffer for nothing.
        }

        _fillsWithoutWait++;
        EnsureRoom(large);
        var n = connection.TryRead(_buffer.AsSpan(End));
        if (n > 0)
        {
            End += n;
        }

        return n;
    }

    /// <summary>
    /// The same for a message that must lie in one piece, making room up to <paramref name="limit"/> bytes; never called with so many or more available.
    /// </summary>
    public int TryFillHead(int limit)
    {
        if (Available > 0 && _buffer.Length - End < MinRoom)
        {
            MakeRoom(limit);
        }

        return TryFill();
    }

    /// <summary>Waits until it is worth a try to receive, without a buffer when nothing lies in it; false when the connection was closed here.</summary>
    public LoopTask<bool> WaitAsync()
    {
        if (Available == 0 && !HeadLiesHere)
        {
            ReturnBuffer();
        }

        var isTurnOver = _fillsWithoutWait == FillsBeforeYield && connection.MayBeReadable;
        _fillsWithoutWait = 0;
        return isTurnOver ? connection.Loop.YieldAsync() : connection.ReadableAsync();
    }

    /// <summary>Receives more, and waits for it: the number of bytes, 0 at the end of the stream, or <see cref="Connection.Broken"/>.</summary>
    /// <param name="large">True when a lot is expected, so that a large buffer is worth taking.</param>
    public async LoopTask<int> FillAsync(bool large = false)
    {
        while (true)
        {
            var n = TryFill(large);
            if (n != Connection.WouldBlock)
            {
                return n;
            }

            if (!await WaitAsync())
            {
                return Connection.Broken;
            }
        }
    }

    private bool HeadLiesHere => _isRetained && _retained is null;

    private void EnsureRoom(bool large)
    {
        var pool = connection.Loop.Buffers;
        if (Available > 0)
        {
            if (End == _buffer.Length)
            {
                MakeRoom(BufferPool.MaxSize);
            }

            return;
        }

        if (!HeadLiesHere)
        {
            Start = End = 0;
            if (large && _buffer.Length < LargeSize)
            {
                ReturnBuffer();
            }
        }
        else if (large || _buffer.Length - End < MinRoom)
        {
            _retained = _buffer;
            _buffer = [];
            Start = End = 0;
        }

        if (_buffer.Length == 0)
        {
            _buffer = pool.Rent(large ? LargeSize : smallSize);
        }
    }

    /// <summary>Moves what is available to the front of a buffer with more room.</summary>
    private void MakeRoom(int limit)
    {
        var pool = connection.Loop.Buffers;
        var headLiesHere = HeadLiesHere;
        if (!headLiesHere && Start >= MinRoom)
        {
            _buffer.AsSpan(Start, Available).CopyTo(_buffer);
        }
        else
        {
            var needed = Math.Min(limit + MinRoom, Math.Max(Available * 2, smallSize));
            var larger = pool.Rent(Math.Max(needed, Available + MinRoom));
            _buffer.AsSpan(Start, Available).CopyTo(larger);
            if (headLiesHere)
            {
                _retained = _buffer;
            }
            else
            {
                pool.Return(_buffer);
            }

            _buffer = larger;
        }

        End = Available;
        Start = 0;
    }

    private void ReturnBuffer()
    {
        if (_buffer.Length > 0)
        {
            connection.Loop.Buffers.Return(_buffer);
            _buffer = [];
        }

        Start = End = 0;
    }
}
