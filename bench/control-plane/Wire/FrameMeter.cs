namespace Weft.Bench.ControlPlane.Wire;

/// <summary>
/// Finds out how many of the bytes of one direction of an HTTP/2 connection are the payload of DATA frames (RFC 9113, 4.1 and 6.1), which
/// is what gRPC's messages take; the rest is HTTP/2's own. Peers of ours do not pad. Not safe for several threads.
/// </summary>
/// <param name="preface">Bytes before the first frame: those of a client's preface, or none.</param>
internal sealed class FrameMeter(int preface)
{
    /// <summary>Bytes that a client sends before its first frame (RFC 9113, 3.4).</summary>
    public const int ClientPreface = 24;

    private const int HeaderLength = 9;
    private const byte Data = 0;

    private readonly byte[] _header = new byte[HeaderLength];
    private int _filled;
    private int _left = preface;
    private bool _isData;

    /// <summary>Takes the next bytes in.</summary>
    /// <returns>How many of them belong to messages.</returns>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        var data = 0;
        while (!bytes.IsEmpty)
        {
            if (_left > 0)
            {
                var part = Math.Min(_left, bytes.Length);
                data += _isData ? part : 0;
                _left -= part;
                bytes = bytes[part..];
                continue;
            }

            var missing = Math.Min(HeaderLength - _filled, bytes.Length);
            bytes[..missing].CopyTo(_header.AsSpan(_filled));
            bytes = bytes[missing..];
            _filled += missing;
            if (_filled == HeaderLength)
            {
                _filled = 0;
                _left = (_header[0] << 16) | (_header[1] << 8) | _header[2];
                _isData = _header[3] == Data;
            }
        }

        return data;
    }
}
