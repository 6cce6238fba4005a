using System.Text;

namespace Weft.Http;

/// <summary>
/// Writes heads as field blocks. Room for <see cref="Bound(FieldSection)"/> is provided beforehand, because a block that was begun cannot be taken back.
/// </summary>
internal static class HeadEncoder
{
    // The status or the pseudo-header fields' own bytes, the table's size updates, a te field.
    private const int FixedBytes = 64;
    private const int ShortName = 128;

    // Longer paths are rarely asked for twice.
    private const int IndexedPath = 64;
    private const int Authority = 1;
    private const int MethodGet = 2;
    private const int MethodPost = 3;
    private const int PathRoot = 4;
    private const int SchemeHttp = 6;
    private const int SchemeHttps = 7;

    /// <summary>The most bytes that the fields may take, pseudo-header fields without their values.</summary>
    public static int Bound(FieldSection section)
    {
        var sum = FixedBytes;
        foreach (ref readonly var field in section.Fields)
        {
            sum += HpackEncoder.Bound(field.NameLength, field.ValueLength);
        }

        return sum;
    }

    public static int Bound(RequestHead head) =>
        Bound((FieldSection)head)
        + HpackEncoder.Bound(0, Math.Max(head.MethodSpan.Length, "CONNECT"u8.Length))
        + HpackEncoder.Bound(0, head.Authority.Length)
        + HpackEncoder.Bound(0, head.Path.Length)
        + HpackEncoder.Bound(9, head.Protocol.Length);

    public static int Bound(AddedFields added)
    {
        // A line has at least four bytes besides name and value, and a block counts its own fields.
        var sum = added.OwnLines.Length * 4;
        foreach (var block in added.Blocks)
        {
            sum += Bound(block!);
        }

        return sum;
    }

    public static int Bound(FieldBlock block) => block.Lines.Length + (block.Split.Length * HpackEncoder.Bound(0, 0));

    /// <summary>A response's head. Hop-by-hop fields are left out.</summary>
    public static int Response(HpackEncoder encoder, Span<byte> block, int status, FieldSection fields)
    {
        var at = encoder.Begin(block);
        at += HpackEncoder.EncodeStatus(block[at..], status);
        return at + Fields(encoder, block[at..], fields, KnownHeaders.HopByHop);
    }

    /// <summary>The head of a response that is made here.</summary>
    public static int Response(HpackEncoder encoder, Span<byte> block, int status, FieldBlock fields, int length)
    {
        var at = encoder.Begin(block);
        at += HpackEncoder.EncodeStatus(block[at..], status);
        at += Block(encoder, block[at..], fields);
        Span<byte> digits = stackalloc byte[16];
        _ = length.TryFormat(digits, out var count);
        return at
            + encoder.Encode(
                block[at..],
                KnownHeader.ContentLength,
                "content-length"u8,
                digits[..count],
                neverIndexed: false
            );
    }

    /// <summary>A request's head: pseudo-header fields first, Host left out.</summary>
    public static int Request(HpackEncoder encoder, Span<byte> block, RequestHead head)
    {
        var at = encoder.Begin(block);
        at += head.Method switch
        {
            _ when !head.Protocol.IsEmpty => encoder.Encode(block[at..], MethodGet, ":method"u8, "CONNECT"u8),
            RequestMethod.Get => HpackEncoder.EncodeStatic(block[at..], MethodGet),
            RequestMethod.Post => HpackEncoder.EncodeStatic(block[at..], MethodPost),
            _ => encoder.Encode(block[at..], MethodGet, ":method"u8, head.MethodSpan),
        };
        if (head.Method != RequestMethod.Connect || !head.Protocol.IsEmpty)
        {
            var scheme = head.Scheme == TargetScheme.Https ? SchemeHttps : SchemeHttp;
            at += HpackEncoder.EncodeStatic(block[at..], scheme);
            at += Path(encoder, block[at..], head.Path);
        }

        if (!head.Authority.IsEmpty)
        {
            at += encoder.Encode(block[at..], Authority, ":authority"u8, head.Authority);
        }

        if (!head.Protocol.IsEmpty)
        {
            at += encoder.Encode(block[at..], 0, ":protocol"u8, head.Protocol);
        }

        at += Fields(encoder, block[at..], head, KnownHeaders.HopByHop | KnownHeaders.Bit(KnownHeader.Host));
        if (head.AcceptsTrailers)
        {
            at += encoder.Encode(block[at..], 0, "te"u8, "trailers"u8);
        }

        return at;
    }

    /// <summary>Trailers, or whatever else consists of fields alone.</summary>
    public static int Trailers(HpackEncoder encoder, Span<byte> block, TrailerFields trailers)
    {
        var at = encoder.Begin(block);
        return at + Fields(encoder, block[at..], trailers, KnownHeaders.HopByHop);
    }

    public static int Added(HpackEncoder encoder, Span<byte> block, AddedFields added)
    {
        var at = 0;
        foreach (var fields in added.Blocks)
        {
            at += Block(encoder, block[at..], fields!);
        }

        for (var lines = added.OwnLines; !lines.IsEmpty; )
        {
            var end = lines.IndexOf("\r\n"u8);
            var colon = lines.IndexOf((byte)':');
            var name = lines[..colon];
            at += encoder.Encode(
                block[at..],
                KnownHeaders.Classify(name),
                name,
                lines[(colon + 2)..end],
                neverIndexed: false
            );
            lines = lines[(end + 2)..];
        }

        return at;
    }

    private static int Path(HpackEncoder encoder, Span<byte> block, ReadOnlySpan<byte> path) =>
        path.Length == 1 && path[0] == (byte)'/' ? HpackEncoder.EncodeStatic(block, PathRoot)
        : path.Length <= IndexedPath ? encoder.Encode(block, PathRoot, ":path"u8, path)
        : HpackEncoder.EncodePlain(block, PathRoot, path);

    private static int Block(HpackEncoder encoder, Span<byte> block, FieldBlock fields)
    {
        var at = 0;
        var lines = fields.Lines;
        foreach (ref readonly var field in fields.Split.AsSpan())
        {
            at += encoder.Encode(
                block[at..],
                field.Known,
                lines.Slice(field.NameStart, field.NameLength),
                lines.Slice(field.ValueStart, field.ValueLength),
                neverIndexed: false
            );
        }

        return at;
    }

    private static int Fields(HpackEncoder encoder, Span<byte> block, FieldSection section, ulong skipped)
    {
        Span<byte> lower = stackalloc byte[ShortName];
        var at = 0;
        var fields = section.Fields;
        for (var i = 0; i < fields.Length; i++)
        {
            ref readonly var field = ref fields[i];
            if (field.Dropped || (KnownHeaders.Bit(field.Known) & skipped) != 0)
            {
                continue;
            }

            // What came by HTTP/1.1 may be in capitals (RFC 9113 section 8.2).
            var name = section.Name(i);
            if (name.Length > ShortName)
            {
                lower = new byte[name.Length];
            }

            Ascii.ToLower(name, lower, out var length);
            at += encoder.Encode(block[at..], field.Known, lower[..length], section.Value(i), field.NeverIndexed);
        }

        return at;
    }
}
