using System.Buffers.Text;

namespace Weft.Http;

/// <summary>
/// Writes HTTP/1.1 heads, chunk lines and trailers into a caller's buffer. Never throws: when something did not fit or must
/// not be written, <see cref="Failed"/> says so and nothing more is written.
/// </summary>
/// <remarks>Fields that were read in one run are copied in one run.</remarks>
public ref struct HeadWriter(Span<byte> destination)
{
    /// <summary>The most bytes that <see cref="ChunkSize"/> writes.</summary>
    public const int MaxChunkSizeBytes = 18;

    private readonly Span<byte> _destination = destination;
    private int _written;

    /// <summary>How many bytes were written; meaningless once <see cref="Failed"/>.</summary>
    public readonly int Written => _written;

    /// <summary>The buffer was too small: try again with a larger one.</summary>
    public bool Overflowed { readonly get; private set; }

    /// <summary>A value held a control byte and would have ended its own line. No larger buffer helps.</summary>
    public bool Refused { readonly get; private set; }

    public readonly bool Failed => Overflowed || Refused;

    /// <summary><c>METHOD path HTTP/1.1</c></summary>
    public void RequestLine(scoped ReadOnlySpan<byte> method, scoped ReadOnlySpan<byte> target)
    {
        if (Take(method.Length + target.Length + 12, out var line))
        {
            method.CopyTo(line);
            line[method.Length] = (byte)' ';
            target.CopyTo(line[(method.Length + 1)..]);
            " HTTP/1.1\r\n"u8.CopyTo(line[(method.Length + 1 + target.Length)..]);
        }
    }

    /// <summary>
    /// The request line towards the next hop: origin-form, or authority-form with CONNECT. It is always HTTP/1.1, so a
    /// request that came as HTTP/1.0 without Host needs one written.
    /// </summary>
    public void RequestLine(RequestHead head) =>
        RequestLine(head.MethodSpan, head.Method == RequestMethod.Connect ? head.Authority : head.Path);

    /// <summary><c>HTTP/1.1 status reason</c></summary>
    public void StatusLine(int status, scoped ReadOnlySpan<byte> reason)
    {
        if (Take(reason.Length + 15, out var line))
        {
            "HTTP/1.1 "u8.CopyTo(line);
            line[9] = (byte)('0' + status / 100 % 10);
            line[10] = (byte)('0' + status / 10 % 10);
            line[11] = (byte)('0' + status % 10);
            line[12] = (byte)' ';
            reason.CopyTo(line[13..]);
            line[^2] = (byte)'\r';
            line[^1] = (byte)'\n';
        }
    }

    /// <summary>Writes the fields that are not dropped, in order.</summary>
    public void Fields(FieldSection section)
    {
        var fields = section.Fields;
        for (var i = 0; i < fields.Length; i++)
        {
            ref readonly var first = ref fields[i];
            if (first.Dropped)
            {
                continue;
            }

            if (!first.IsPlain)
            {
                Line(section.Name(i), section.Value(i));
                continue;
            }

            // Lines that follow one another without odd white space are one piece of memory.
            var end = first.ValueStart + first.ValueLength;
            while (
                i + 1 < fields.Length
                && fields[i + 1].NameStart == end + 2
                && !fields[i + 1].Dropped
                && fields[i + 1].IsPlain
            )
            {
                i++;
                end = fields[i].ValueStart + fields[i].ValueLength;
            }

            var run = section.Slice(first.NameStart, end - first.NameStart);
            if (!Take(run.Length + 2, out var line))
            {
                return;
            }

            run.CopyTo(line);
            line[^2] = (byte)'\r';
            line[^1] = (byte)'\n';
        }
    }

    /// <summary>Writes one field line. The value is checked, because it may come from anywhere; the name must be a token.</summary>
    public void Field(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        if (value.IndexOfAny(Grammar.Control) >= 0)
        {
            Refused = true;
            return;
        }

        Line(name, value);
    }

    public void Field(KnownHeader known, scoped ReadOnlySpan<byte> value) => Field(KnownHeaders.NameOf(known), value);

    public void Field(KnownHeader known, long value)
    {
        Span<byte> digits = stackalloc byte[20];
        _ = Utf8Formatter.TryFormat(value, digits, out var length);
        Line(KnownHeaders.NameOf(known), digits[..length]);
    }

    /// <summary>The empty line that ends a head or a trailer section.</summary>
    public void End() => Raw("\r\n"u8);

    /// <summary>The line before a chunk's data; the data are followed by CR LF. Size 0 is the last chunk: trailers and <see cref="End"/> follow.</summary>
    public void ChunkSize(long size)
    {
        Span<byte> digits = stackalloc byte[16];
        _ = Utf8Formatter.TryFormat(size, digits, out var length, new('x'));
        if (Take(length + 2, out var line))
        {
            digits[..length].CopyTo(line);
            line[^2] = (byte)'\r';
            line[^1] = (byte)'\n';
        }
    }

    /// <summary>Writes bytes as they are: whole lines, made beforehand.</summary>
    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        if (Take(bytes.Length, out var space))
        {
            bytes.CopyTo(space);
        }
    }

    private void Line(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        if (Take(name.Length + value.Length + 4, out var line))
        {
            name.CopyTo(line);
            line[name.Length] = (byte)':';
            line[name.Length + 1] = (byte)' ';
            value.CopyTo(line[(name.Length + 2)..]);
            line[^2] = (byte)'\r';
            line[^1] = (byte)'\n';
        }
    }

    private bool Take(int length, out Span<byte> space)
    {
        if (Failed || length > _destination.Length - _written)
        {
            Overflowed |= !Refused;
            space = default;
            return false;
        }

        space = _destination.Slice(_written, length);
        _written += length;
        return true;
    }
}
