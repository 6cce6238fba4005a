using Weft.Net;

namespace Weft.Proxy;

/// <summary>
/// The bytes with which a connection begins, until it is known what they are. Between two reads they lie in a buffer of their size, and nothing is
/// held while none have come.
/// </summary>
internal struct FirstBytes
{
    private byte[]? _held;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Reads more behind those that there are, into the loop's scratch memory; what <see cref="Connection.TryRead"/> says.</summary>
    public int Receive(Connection connection, int atMost)
    {
        var scratch = connection.Loop.Scratch;
        _held?.AsSpan(0, Count).CopyTo(scratch);
        var n = connection.TryRead(scratch.AsSpan(Count, atMost));
        Count += Math.Max(n, 0);
        return n;
    }

    /// <summary>Keeps what <see cref="Receive"/> has put into the scratch memory.</summary>
    public void Hold(EventLoop loop)
    {
        if (_held is null || _held.Length < Count)
        {
            Release(loop);
            _held = loop.Buffers.Rent(Count);
        }

        loop.Scratch.AsSpan(0, Count).CopyTo(_held);
    }

    /// <summary>Gives the buffer back; the scratch memory still holds the bytes.</summary>
    public void Release(EventLoop loop)
    {
        if (_held is not null)
        {
            loop.Buffers.Return(_held);
            _held = null;
        }
    }
}
