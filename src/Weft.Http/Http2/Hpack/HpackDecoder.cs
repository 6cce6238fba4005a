namespace Weft.Http;

/// <summary>
/// Decodes field blocks (RFC 7541). Never throws, whatever the bytes: a block that breaks a rule is an error of the whole connection, because
/// the table can no longer be trusted. Fields that are too long are left out, and the table stays right.
/// </summary>
internal sealed class HpackDecoder(int maxTableSize)
{
    /// <summary>The table that is offered when nothing else is said, in bytes.</summary>
    public const int DefaultTableSize = 4096;

    // A block may change the table's bound twice at its beginning: once down, once up (RFC 7541 section 4.2).
    private const int MaxSizeUpdates = 2;

    private readonly DecoderTable _table = new(maxTableSize);

    /// <summary>The dynamic table, for tests.</summary>
    internal DecoderTable Table => _table;

    /// <summary>Decodes a whole block. False when it is in error (COMPRESSION_ERROR).</summary>
    /// <param name="block">The fragments of all its frames.</param>
    /// <param name="scratch">Where literals are decoded; bounds the length of a field.</param>
    /// <param name="sink">Takes the fields.</param>
    public bool Decode<TSink>(ReadOnlySpan<byte> block, Span<byte> scratch, ref TSink sink)
        where TSink : struct, IFieldSink
    {
        var at = 0;
        var updates = 0;
        var fields = false;
        while (at < block.Length)
        {
            var first = block[at];
            if (first >= 0x80)
            {
                if (!HpackInteger.TryRead(block, ref at, 7, out var index) || !TryField(index, out var field))
                {
                    return false;
                }

                sink.OnField(field);
                fields = true;
            }
            else if (first is >= 0x20 and < 0x40)
            {
                if (
                    fields
                    || ++updates > MaxSizeUpdates
                    || !HpackInteger.TryRead(block, ref at, 5, out var limit)
                    || !_table.TrySetLimit(limit)
                )
                {
                    return false;
                }
            }
            else
            {
                if (!TryLiteral(block, ref at, first, scratch, ref sink))
                {
                    return false;
                }

                fields = true;
            }
        }

        return true;
    }

    private bool TryLiteral<TSink>(ReadOnlySpan<byte> block, ref int at, byte first, Span<byte> scratch, ref TSink sink)
        where TSink : struct, IFieldSink
    {
        var isIndexed = (first & 0x40) != 0;
        if (!HpackInteger.TryRead(block, ref at, isIndexed ? 6 : 4, out var index))
        {
            return false;
        }

        int nameLength;
        if (index == 0)
        {
            if (!TryString(block, ref at, scratch, out nameLength))
            {
                return false;
            }
        }
        else if (TryField(index, out var named))
        {
            nameLength = named.Name.TryCopyTo(scratch) ? named.NameLength : TooLong;
        }
        else
        {
            return false;
        }

        var fits = nameLength >= 0 && nameLength + HpackField.LineOverhead <= scratch.Length;
        // A value behind a name that is too long is walked over, no more.
        var space = fits ? scratch[(nameLength + 2)..^2] : default;
        if (!TryString(block, ref at, space, out var valueLength))
        {
            return false;
        }

        if (!fits || valueLength < 0)
        {
            if (isIndexed)
            {
                // It is larger than the table, which the scratch memory is not.
                _table.Clear();
            }

            sink.OnFieldTooLong();
            return true;
        }

        scratch[nameLength] = (byte)':';
        scratch[nameLength + 1] = (byte)' ';
        scratch[nameLength + 2 + valueLength] = (byte)'\r';
        scratch[nameLength + 3 + valueLength] = (byte)'\n';
        var traits = FieldTraits.Of(scratch[..nameLength], scratch.Slice(nameLength + 2, valueLength));
        var field = new HpackField(
            scratch[..(nameLength + valueLength + HpackField.LineOverhead)],
            nameLength,
            valueLength,
            traits,
            neverIndexed: (first & 0xF0) == 0x10
        );
        if (isIndexed)
        {
            _table.Add(field);
        }

        sink.OnField(field);
        return true;
    }

    private const int TooLong = -2;

    /// <summary>Reads a string into <paramref name="destination"/>; its length is <see cref="TooLong"/> when it does not fit.</summary>
    private static bool TryString(ReadOnlySpan<byte> block, ref int at, Span<byte> destination, out int length)
    {
        length = 0;
        var isHuffman = at < block.Length && block[at] >= 0x80;
        if (!HpackInteger.TryRead(block, ref at, 7, out var encoded) || encoded > block.Length - at)
        {
            return false;
        }

        var text = block.Slice(at, encoded);
        at += encoded;
        if (isHuffman)
        {
            length = HuffmanCode.Decode(text, destination);
            return length != -1;
        }

        length = text.TryCopyTo(destination) ? encoded : TooLong;
        return true;
    }

    private bool TryField(int index, out HpackField field)
    {
        field = default;
        if (index == 0)
        {
            return false;
        }

        if (index <= StaticTable.Count)
        {
            field = StaticTable.Field(index);
            return true;
        }

        index -= StaticTable.Count + 1;
        if (index >= _table.Count)
        {
            return false;
        }

        field = _table.Field(index);
        return true;
    }
}
