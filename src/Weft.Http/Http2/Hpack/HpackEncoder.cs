namespace Weft.Http;

/// <summary>
/// Encodes field blocks (RFC 7541). A field goes into the dynamic table when it is seen for the second time: what differs from message to
/// message would only push the others out.
/// </summary>
/// <remarks>The caller provides room for <see cref="Bound"/> bytes per field: a block that was begun cannot be taken back.</remarks>
internal sealed class HpackEncoder
{
    /// <summary>The most table that is used, whatever the other side offers, in bytes.</summary>
    public const int MaxTableSize = 4096;

    // Shorter values are not worth the bits.
    private const int HuffmanFrom = 12;
    private const int SeenCount = 256;

    /// <summary>What may be in a table as long as it lives, but never helps: it differs from message to message.</summary>
    private static readonly ulong s_volatile = SetOf(
        KnownHeader.ContentLength,
        KnownHeader.Location,
        KnownHeader.SetCookie,
        KnownHeader.TraceParent,
        KnownHeader.TraceState,
        KnownHeader.XB3TraceId,
        KnownHeader.XB3SpanId,
        KnownHeader.XB3ParentSpanId,
        KnownHeader.B3,
        KnownHeader.WeftTimeout,
        KnownHeader.GrpcTimeout
    );

    /// <summary>What must be guessable by nobody who can add fields of his own (RFC 7541 section 7.1.3).</summary>
    private static readonly ulong s_secret = SetOf(KnownHeader.Authorization, KnownHeader.ProxyAuthorization);

    private readonly EncoderTable _table = new();
    private readonly ushort[] _seen = new ushort[SeenCount];
    private int _smallestLimit = int.MaxValue;
    private bool _limitChanged;

    /// <summary>The most bytes that a field may take.</summary>
    public static int Bound(int nameLength, int valueLength) =>
        nameLength + valueLength + (2 * HpackInteger.MaxBytes) + 1;

    /// <summary>The other side's SETTINGS_HEADER_TABLE_SIZE.</summary>
    public void SetPeerLimit(uint limit)
    {
        var used = (int)Math.Min(limit, MaxTableSize);
        if (used != _table.Limit)
        {
            _limitChanged = true;
            _smallestLimit = Math.Min(_smallestLimit, used);
            _table.SetLimit(used);
        }
    }

    /// <summary>Begins a block: says how the table's bound has changed. At most twice <see cref="HpackInteger.MaxBytes"/> bytes.</summary>
    public int Begin(Span<byte> destination)
    {
        if (!_limitChanged)
        {
            return 0;
        }

        _limitChanged = false;
        var written = 0;
        if (_smallestLimit < _table.Limit)
        {
            written = HpackInteger.Write(destination, 0x20, 5, _smallestLimit);
        }

        _smallestLimit = int.MaxValue;
        return written + HpackInteger.Write(destination[written..], 0x20, 5, _table.Limit);
    }

    public static int EncodeStatus(Span<byte> destination, int status)
    {
        var index = status switch
        {
            200 => 8,
            204 => 9,
            206 => 10,
            304 => 11,
            400 => 12,
            404 => 13,
            500 => 14,
            _ => 0,
        };
        if (index > 0)
        {
            destination[0] = (byte)(0x80 | index);
            return 1;
        }

        destination[0] = 8;
        destination[1] = 3;
        destination[2] = (byte)('0' + (status / 100));
        destination[3] = (byte)('0' + (status / 10 % 10));
        destination[4] = (byte)('0' + (status % 10));
        return 5;
    }

    /// <summary>A field of the static table as it stands there.</summary>
    public static int EncodeStatic(Span<byte> destination, int index)
    {
        destination[0] = (byte)(0x80 | index);
        return 1;
    }

    /// <summary>A field whose name is in the static table and whose value goes into no table.</summary>
    public static int EncodePlain(Span<byte> destination, int nameIndex, ReadOnlySpan<byte> value)
    {
        var written = HpackInteger.Write(destination, 0, 4, nameIndex);
        return written + WriteString(destination[written..], value);
    }

    /// <summary>Encodes a field that may repeat.</summary>
    /// <param name="destination">Room for <see cref="Bound"/> bytes.</param>
    /// <param name="nameIndex">The name in the static table, or 0.</param>
    /// <param name="name">In lower case.</param>
    public int Encode(Span<byte> destination, int nameIndex, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var hash = EncoderTable.Hash(name, value);
        var index = _table.Find(hash, name, value);
        if (index > 0)
        {
            return HpackInteger.Write(destination, 0x80, 7, index);
        }

        ref var seen = ref _seen[hash & (SeenCount - 1)];
        var isSecond = seen == (ushort)(hash >> 16);
        seen = (ushort)(hash >> 16);
        var isIndexed = isSecond && _table.Fits(name.Length, value.Length);
        var written = isIndexed
            ? HpackInteger.Write(destination, 0x40, 6, nameIndex)
            : HpackInteger.Write(destination, 0, 4, nameIndex);
        if (nameIndex == 0)
        {
            written += WriteString(destination[written..], name);
        }

        if (isIndexed)
        {
            _table.Add(hash, name, value);
        }

        return written + WriteString(destination[written..], value);
    }

    /// <summary>Encodes an ordinary field.</summary>
    /// <param name="neverIndexed">It came as one that goes into no table.</param>
    public int Encode(
        Span<byte> destination,
        KnownHeader known,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> value,
        bool neverIndexed
    )
    {
        var bit = KnownHeaders.Bit(known);
        var nameIndex = StaticTable.IndexOf(known);
        if (!neverIndexed && (bit & (s_volatile | s_secret)) == 0)
        {
            return Encode(destination, nameIndex, name, value);
        }

        var first = neverIndexed || (bit & s_secret) != 0 ? (byte)0x10 : (byte)0;
        var written = HpackInteger.Write(destination, first, 4, nameIndex);
        if (nameIndex == 0)
        {
            written += WriteString(destination[written..], name);
        }

        return written + WriteString(destination[written..], value);
    }

    private static int WriteString(Span<byte> destination, ReadOnlySpan<byte> text)
    {
        if (text.Length >= HuffmanFrom)
        {
            var length = HuffmanCode.EncodedLength(text);
            if (length < text.Length)
            {
                var prefix = HpackInteger.Write(destination, 0x80, 7, length);
                return prefix + HuffmanCode.Encode(text, destination[prefix..]);
            }
        }

        var written = HpackInteger.Write(destination, 0, 7, text.Length);
        text.CopyTo(destination[written..]);
        return written + text.Length;
    }

    private static ulong SetOf(params ReadOnlySpan<KnownHeader> headers)
    {
        var set = 0UL;
        foreach (var header in headers)
        {
            set |= KnownHeaders.Bit(header);
        }

        return set;
    }
}
