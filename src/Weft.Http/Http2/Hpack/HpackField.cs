namespace Weft.Http;

/// <summary>The fields whose names begin with a colon (RFC 9113 section 8.3, RFC 8441 section 4).</summary>
internal enum PseudoHeader : byte
{
    /// <summary>An ordinary field.</summary>
    None,
    Method,
    Scheme,
    Authority,
    Path,
    Status,
    Protocol,

    /// <summary>A name with a colon that nothing is known of.</summary>
    Unknown,
}

/// <summary>What is known of a field once it was looked at; kept with its table entry, so that it is looked at once.</summary>
internal readonly record struct FieldTraits(KnownHeader Known, PseudoHeader Pseudo, bool IsValid)
{
    /// <summary>Looks at a field's bytes (RFC 9113 section 8.2.1).</summary>
    public static FieldTraits Of(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var pseudo = PseudoOf(name);
        var known = pseudo == PseudoHeader.None ? KnownHeaders.Classify(name) : KnownHeader.None;
        return new FieldTraits(known, pseudo, (pseudo != PseudoHeader.None || IsName(name)) && IsValue(value));
    }

    private static bool IsName(ReadOnlySpan<byte> name) =>
        name.Length > 0 && name.IndexOfAnyExcept(Grammar.Token) < 0 && !name.ContainsAnyInRange((byte)'A', (byte)'Z');

    private static bool IsValue(ReadOnlySpan<byte> value) =>
        value.IndexOfAny(Grammar.Control) < 0
        && (value.Length == 0 || !(value[0] is (byte)' ' or (byte)'\t' || value[^1] is (byte)' ' or (byte)'\t'));

    private static PseudoHeader PseudoOf(ReadOnlySpan<byte> name)
    {
        if (name.Length == 0 || name[0] != (byte)':')
        {
            return PseudoHeader.None;
        }

        return name switch
        {
            _ when name.SequenceEqual(":method"u8) => PseudoHeader.Method,
            _ when name.SequenceEqual(":scheme"u8) => PseudoHeader.Scheme,
            _ when name.SequenceEqual(":authority"u8) => PseudoHeader.Authority,
            _ when name.SequenceEqual(":path"u8) => PseudoHeader.Path,
            _ when name.SequenceEqual(":status"u8) => PseudoHeader.Status,
            _ when name.SequenceEqual(":protocol"u8) => PseudoHeader.Protocol,
            _ => PseudoHeader.Unknown,
        };
    }
}

/// <summary>A decoded field, as the line that HTTP/1.1 would write for it. Valid while its sink looks at it.</summary>
/// <param name="line"><c>name: value</c> CR LF</param>
internal readonly ref struct HpackField(
    ReadOnlySpan<byte> line,
    int nameLength,
    int valueLength,
    FieldTraits traits,
    bool neverIndexed
)
{
    /// <summary>What a line has besides name and value.</summary>
    public const int LineOverhead = 4;

    public ReadOnlySpan<byte> Line { get; } = line;

    public int NameLength { get; } = nameLength;

    public int ValueLength { get; } = valueLength;

    public FieldTraits Traits { get; } = traits;

    /// <summary>Whoever passes the field on must not let it into a table either (RFC 7541 section 6.2.3).</summary>
    public bool NeverIndexed { get; } = neverIndexed;

    public ReadOnlySpan<byte> Name => Line[..NameLength];

    public ReadOnlySpan<byte> Value => Line.Slice(NameLength + 2, ValueLength);
}

/// <summary>Takes the fields of a block, in order.</summary>
internal interface IFieldSink
{
    void OnField(in HpackField field);

    /// <summary>A field was longer than anything that can be taken. Decoding goes on, for the sake of the table.</summary>
    void OnFieldTooLong();
}
