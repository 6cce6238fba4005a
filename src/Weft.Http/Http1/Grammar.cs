using System.Buffers;

namespace Weft.Http;

/// <summary>The byte classes that HTTP/1.1 is cut along, as vectorised searches.</summary>
internal static class Grammar
{
    /// <summary>token (RFC 9110 section 5.6.2): methods and field names.</summary>
    public static readonly SearchValues<byte> Token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8
    );

    /// <summary>What may stand in a request target: visible ASCII without <c>#</c>; a fragment is never sent (RFC 9112 section 3.2).</summary>
    public static readonly SearchValues<byte> Target = SearchValues.Create([
        .. Enumerable.Range(0x21, 0x7F - 0x21).Where(c => c != '#').Select(c => (byte)c),
    ]);

    /// <summary>What ends a field value or a reason phrase: every control byte but HTAB. The only good one is CR before LF.</summary>
    public static readonly SearchValues<byte> Control = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Append(0x7F).Where(c => c != '\t').Select(c => (byte)c),
    ]);

    /// <summary>Says which rule a control byte breaks where text was expected.</summary>
    public static RejectReason Blame(byte found) =>
        found switch
        {
            (byte)'\n' => RejectReason.BareLineFeed,
            (byte)'\r' => RejectReason.BareCarriageReturn,
            _ => RejectReason.ControlByte,
        };
}
