using Weft.Net;

namespace Weft.Http;

/// <summary>
/// What a connection sends: frames are put together in a pooled buffer and leave in one write at the end of the loop's turn. While the kernel takes no
/// more, they gather behind; a connection that has nothing to send holds no buffer.
/// </summary>
internal sealed class FrameOutput(Connection connection, Http2Connection owner)
{
    /// <summary>With this much waiting to be sent, nothing is added that can wait.</summary>
    private const int RoomLimit = 64 * 1024;
    private const int FirstSize = 8 * 1024;

    private readonly LoopSignal<bool> _work = new();
    private byte[] _buffer = [];
    private int _length;
    private int _inFlight;

    // How much of the buffer the kernel has taken already when a write begins to wait.
    private int _sent;
    private bool _deferred;
    private bool _isWriting;
    private bool _ended;

    /// <summary>DATA and heads may be added.</summary>
    public bool HasRoom => _length + _inFlight < RoomLimit;

    /// <summary>Bytes that DATA may still take.</summary>
    public int Room => Math.Max(0, RoomLimit - _length - _inFlight);

    /// <summary>Nothing waits to be sent.</summary>
    public bool IsEmpty => _length + _inFlight == 0;

    /// <summary>The kernel takes no more at the moment.</summary>
    public bool IsBlocked => _isWriting;

    /// <summary>When the kernel last took something, on the loop's clock.</summary>
    public long ProgressMilliseconds { get; private set; }

    /// <summary>Room for <paramref name="count"/> bytes; empty when the bound is reached.</summary>
    public Span<byte> Reserve(int count)
    {
        if (_length + count > _buffer.Length && !TryGrow(count))
        {
            return default;
        }

        return _buffer.AsSpan(_length, count);
    }

    /// <summary>The first <paramref name="count"/> bytes of what was reserved are a frame, or several.</summary>
    public void Commit(int count)
    {
        _length += count;
        if (!_deferred && !_isWriting)
        {
            _deferred = true;
            connection.Loop.Defer(static o => ((FrameOutput)o!).OnDeferred(), this);
        }
    }

    /// <summary>Sends now what the kernel takes.</summary>
    public void Flush()
    {
        if (_isWriting || _length == 0 || _ended)
        {
            return;
        }

        var n = connection.TryWrite(_buffer.AsSpan(0, _length));
        if (n > 0)
        {
            ProgressMilliseconds = connection.Loop.NowMilliseconds;
        }

        if (n == _length || n == Connection.Broken)
        {
            Drop();
            return;
        }

        _isWriting = true;
        ProgressMilliseconds = connection.Loop.NowMilliseconds;
        _sent = Math.Max(n, 0);
        owner.OnBlocked();
        _work.Complete(result: true);
    }

    /// <summary>Sends what the kernel did not take at once, until <see cref="End"/>.</summary>
    public async LoopTask RunAsync()
    {
        while (!_ended && (_isWriting || await _work.Arm()))
        {
            var sound = true;
            while (sound && _length > 0 && !_ended)
            {
                var writing = _buffer;
                var left = writing.AsMemory(_sent, _length - _sent);
                _inFlight = left.Length;
                _buffer = [];
                _length = 0;
                _sent = 0;
                sound = await connection.WriteAsync(left);
                ProgressMilliseconds = connection.Loop.NowMilliseconds;
                _inFlight = 0;
                connection.Loop.Buffers.Return(writing);
            }

            _isWriting = false;
            if (!sound || _ended)
            {
                Drop();
                continue;
            }

            owner.OnDrained();
        }
    }

    /// <summary>Nothing more is sent. What is with the kernel's writer is given back when that ends.</summary>
    public void End()
    {
        _ended = true;
        Drop();
        _work.Complete(result: false);
    }

    private void OnDeferred()
    {
        _deferred = false;
        Flush();
        if (_length == 0 && !_isWriting && !_ended)
        {
            owner.OnDrained();
        }
    }

    private void Drop()
    {
        if (_buffer.Length > 0)
        {
            connection.Loop.Buffers.Return(_buffer);
            _buffer = [];
        }

        _length = 0;
        _sent = 0;
    }

    private bool TryGrow(int count)
    {
        if (_ended || _length + count > BufferPool.MaxSize)
        {
            return false;
        }

        var larger = connection.Loop.Buffers.Rent(Math.Max(FirstSize, Math.Max(_length + count, _length * 2)));
        _buffer.AsSpan(0, _length).CopyTo(larger);
        if (_buffer.Length > 0)
        {
            connection.Loop.Buffers.Return(_buffer);
        }

        _buffer = larger;
        return true;
    }
}
