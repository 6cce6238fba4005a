namespace Weft.Http;

/// <summary>How a stream ended, as far as it matters for frames that come afterwards.</summary>
internal enum StreamEnd : byte
{
    /// <summary>It ended long ago or never was.</summary>
    Unknown,

    /// <summary>Both sides had sent all.</summary>
    Ended,

    /// <summary>We have reset it: what was on its way is ignored.</summary>
    ResetHere,

    /// <summary>The other side has reset it.</summary>
    ResetByPeer,
}

/// <summary>Remembers the latest streams that ended; the memory is fixed.</summary>
internal sealed class ClosedStreams
{
    private const int Remembered = 256;
    private uint[] _ends = [];

    public void Add(int id, StreamEnd end)
    {
        if (_ends.Length == 0)
        {
            _ends = new uint[Remembered];
        }

        // The number has 31 bits, the lowest of which is the same for all streams of a connection.
        _ends[(id >> 1) & (Remembered - 1)] = (uint)(id >> 1) << 2 | (uint)end;
    }

    public StreamEnd Find(int id)
    {
        if (_ends.Length == 0)
        {
            return StreamEnd.Unknown;
        }

        var entry = _ends[(id >> 1) & (Remembered - 1)];
        return entry >> 2 == (uint)(id >> 1) ? (StreamEnd)(entry & 3) : StreamEnd.Unknown;
    }
}
