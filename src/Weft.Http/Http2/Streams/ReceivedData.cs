using Weft.Net;

namespace Weft.Http;

/// <summary>
/// The bytes of DATA that a stream has received and its reader has not taken yet, in pooled buffers. Small frames share a buffer; the piece that the
/// reader holds stays as it is until the next one is taken.
/// </summary>
internal sealed class ReceivedData(BufferPool pool)
{
    // Room for the small frames that come while the reader does not read.
    private const int SharedSize = 4 * 1024;

    private Piece[] _pieces = new Piece[2];
    private int _first;
    private int _count;
    private byte[]? _taken;

    /// <summary>Bytes that the reader has in its hands.</summary>
    public int Held { get; private set; }

    public bool IsEmpty => _count == 0;

    /// <summary>Bytes that are there.</summary>
    public int Length { get; private set; }

    public void Append(ReadOnlySpan<byte> data)
    {
        Length += data.Length;
        if (_count > 0)
        {
            ref var last = ref _pieces[(_first + _count - 1) & (_pieces.Length - 1)];
            var fitting = Math.Min(last.Buffer.Length - last.End, data.Length);
            data[..fitting].CopyTo(last.Buffer.AsSpan(last.End));
            last.End += fitting;
            data = data[fitting..];
        }

        if (!data.IsEmpty)
        {
            // Where one piece waits already, more will: they are passed on together.
            var buffer = pool.Rent(_count == 0 ? data.Length : Math.Max(data.Length, SharedSize));
            data.CopyTo(buffer);
            Add(new Piece { Buffer = buffer, End = data.Length });
        }
    }

    /// <summary>Takes the next piece; it stays valid until <see cref="Release"/>, which must come before the next.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        ref var piece = ref _pieces[_first];
        var taken = new ReadOnlyMemory<byte>(piece.Buffer, 0, piece.End);
        _taken = piece.Buffer;
        Held = piece.End;
        Length -= piece.End;
        piece = default;
        _first = (_first + 1) & (_pieces.Length - 1);
        _count--;
        return taken;
    }

    /// <summary>The reader has done with its piece.</summary>
    public void Release()
    {
        if (_taken is not null)
        {
            pool.Return(_taken);
            _taken = null;
            Held = 0;
        }
    }

    /// <summary>Drops what nobody has taken.</summary>
    public void Drop()
    {
        while (_count > 0)
        {
            pool.Return(_pieces[_first].Buffer);
            _pieces[_first] = default;
            _first = (_first + 1) & (_pieces.Length - 1);
            _count--;
        }

        Length = 0;
    }

    private void Add(Piece piece)
    {
        if (_count == _pieces.Length)
        {
            var larger = new Piece[_count * 2];
            for (var i = 0; i < _count; i++)
            {
                larger[i] = _pieces[(_first + i) & (_count - 1)];
            }

            _pieces = larger;
            _first = 0;
        }

        _pieces[(_first + _count++) & (_pieces.Length - 1)] = piece;
    }

    private struct Piece
    {
        public byte[] Buffer;
        public int End;
    }
}
