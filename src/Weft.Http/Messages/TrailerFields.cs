namespace Weft.Http;

/// <summary>
/// The fields that followed a chunked body. They are kept in a small buffer of their own, which exists only once trailers
/// were seen. Fields that must not stand in trailers are there but dropped (RFC 9110 section 6.5.1).
/// </summary>
public sealed class TrailerFields : FieldSection
{
    /// <summary>The most bytes that a trailer section may have.</summary>
    public const int MaxBytes = 8 * 1024;

    /// <summary>The most fields that a trailer section may have.</summary>
    public const int MaxFields = 32;

    private const int FirstSize = 256;
    private byte[] _bytes = [];

    /// <summary>Trailers that are made here.</summary>
    /// <exception cref="ArgumentException">They are more than trailers may be.</exception>
    public static TrailerFields Of(FieldBlock block)
    {
        var trailers = new TrailerFields();
        if (block.Split.Length > MaxFields || trailers.Append(block.Lines) < block.Lines.Length)
        {
            throw new ArgumentException($"More than {MaxBytes} bytes or {MaxFields} fields.", nameof(block));
        }

        foreach (var field in block.Split)
        {
            trailers.Add(field.NameStart, field.NameLength, field.ValueStart, field.ValueLength, field.Known);
        }

        return trailers;
    }

    /// <summary>How many bytes are held.</summary>
    internal int Held { get; private set; }

    /// <summary>Forgets the fields; the buffer is kept for the next message.</summary>
    public override void Reset()
    {
        base.Reset();
        Held = 0;
        Rebase(_bytes, 0);
    }

    /// <summary>Takes as many bytes as still fit under <see cref="MaxBytes"/>.</summary>
    internal int Append(ReadOnlySpan<byte> input)
    {
        var taken = Math.Min(input.Length, MaxBytes - Held);
        var needed = Held + taken;
        if (needed > _bytes.Length)
        {
            var size = Math.Min(MaxBytes, Math.Max(FirstSize, Math.Max(needed, _bytes.Length * 2)));
            Array.Resize(ref _bytes, size);
        }

        input[..taken].CopyTo(_bytes.AsSpan(Held));
        Held = needed;
        Rebase(_bytes, 0);
        return taken;
    }

    internal void DropForbidden()
    {
        for (var i = 0; i < Count; i++)
        {
            if (KnownHeaders.IsForbiddenInTrailers(FieldAt(i).Known))
            {
                Drop(i);
            }
        }
    }
}
