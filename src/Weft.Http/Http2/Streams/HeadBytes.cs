using Weft.Net;

namespace Weft.Http;

/// <summary>
/// The memory that a decoded head lies in: a pooled buffer that belongs to the head. Fields lie in it as HTTP/1.1 lines, so that they are passed on
/// to HTTP/1.1 as they stand.
/// </summary>
internal struct HeadBytes(MessageHead head, BufferPool pool, int maxBytes, int maxFields)
{
    /// <summary>The most bytes that a head may have whatever its limits: its buffer must hold cookies a second time.</summary>
    public const int MostBytes = 120 * 1024;

    private int _length;
    private int _counted;
    private int _fields;

    /// <summary>The first bound that was exceeded.</summary>
    public RejectReason Reason { get; private set; }

    /// <summary>Gives a head's buffer back.</summary>
    public static void Return(MessageHead head, BufferPool pool)
    {
        if (head.Buffer.Length > 0)
        {
            pool.Return(head.Buffer);
            head.Rebase([], 0);
        }
    }

    /// <summary>
    /// Counts a field as the RFC does, decoded and with 32 bytes of its own (RFC 9113 section 10.5.1); false when it is one too many or too long.
    /// </summary>
    public bool Count(in HpackField field)
    {
        _counted += field.NameLength + field.ValueLength + DecoderTable.EntryOverhead;
        _fields++;
        if (Reason == RejectReason.None)
        {
            Reason =
                _counted > Math.Min(maxBytes, MostBytes) ? RejectReason.HeadTooLarge
                : _fields > maxFields ? RejectReason.TooManyFields
                : RejectReason.None;
        }

        return Reason == RejectReason.None;
    }

    /// <summary>A field did not even fit the memory that it is decoded in.</summary>
    public void CountTooLong() => Reason = Reason == RejectReason.None ? RejectReason.HeadTooLarge : Reason;

    /// <summary>Adds an ordinary field.</summary>
    public void AddField(in HpackField field) =>
        AddField(field.Line, field.NameLength, field.ValueLength, field.Traits.Known, field.NeverIndexed);

    public void AddField(ReadOnlySpan<byte> line, int nameLength, int valueLength, KnownHeader known, bool neverIndexed)
    {
        var start = Append(line);
        head.Add(start, nameLength, start + nameLength + 2, valueLength, known);
        if (neverIndexed)
        {
            head.FieldAt(head.Count - 1).NeverIndexed = true;
        }
    }

    /// <summary>Keeps bytes; where they lie.</summary>
    public int Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Reserve(bytes.Length, out var start));
        return start;
    }

    /// <summary>Room for bytes, and where it lies.</summary>
    public Span<byte> Reserve(int count, out int start)
    {
        if (_length + count > head.Buffer.Length)
        {
            var larger = pool.Rent(Math.Max(_length + count, _length * 2));
            head.Buffer.AsSpan(0, _length).CopyTo(larger);
            Return(head, pool);
            head.Rebase(larger, 0);
        }

        start = _length;
        _length += count;
        return head.Buffer.AsSpan(start, count);
    }
}
