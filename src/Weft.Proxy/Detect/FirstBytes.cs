using Weft.Net;

namespace Weft.Proxy;

/// <summary>
/// The bytes with which a connection begins, until it is known what they are. They are looked at in the loop's scratch memory; between two reads they
/// lie in a buffer of their size, and nothing is held while none have come.
/// </summary>
internal struct FirstBytes
{
    private byte[]? _held;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The bytes, in the loop's scratch memory: from <see cref="Receive"/> on until somebody else uses that.</summary>
    public readonly ReadOnlySpan<byte> In(EventLoop loop) => loop.Scratch.AsSpan(0, Count);

    /// <summary>Reads more behind those that there are; what <see cref="Connection.TryRead"/> says.</summary>
    public int Receive(Connection connection, int atMost)
    {
        var scratch = connection.Loop.Scratch;
        _held?.AsSpan(0, Count).CopyTo(scratch);
        var n = connection.TryRead(scratch.AsSpan(Count, atMost));
        Count += Math.Max(n, 0);
        return n;
    }

    /// <summary>The first <paramref name="count"/> bytes are dealt with.</summary>
    public void Drop(EventLoop loop, int count)
    {
        loop.Scratch.AsSpan(count, Count - count).CopyTo(loop.Scratch);
        Count -= count;
    }

    /// <summary>Keeps the bytes until the next <see cref="Receive"/>.</summary>
    public void Hold(EventLoop loop)
    {
        if (_held is null || _held.Length < Count || Count == 0)
        {
            Release(loop);
            _held = Count == 0 ? null : loop.Buffers.Rent(Count);
        }

        In(loop).CopyTo(_held);
    }

    /// <summary>Gives the buffer back.</summary>
    public void Release(EventLoop loop)
    {
        if (_held is not null)
        {
            loop.Buffers.Return(_held);
            _held = null;
        }
    }
}
