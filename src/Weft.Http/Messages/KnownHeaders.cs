using System.Buffers.Binary;

namespace Weft.Http;

/// <summary>Recognises the known field names in a few nanoseconds: two or three loads, one multiplication, one comparison.</summary>
public static class KnownHeaders
{
    /// <summary>One more than the largest value of <see cref="KnownHeader"/>.</summary>
    public const int Count = (int)KnownHeader.L5dOther + 1;

    // Three words cover a name of this length.
    private const int MaxNameBytes = 24;
    private const ulong CaseBits = 0x2020_2020_2020_2020;

    // Found by search: gives each listed name a slot of its own. A test fails when a new name collides.
    private const ulong Multiplier = 0x8181_E84D_99A7_4925;

    private static readonly byte[][] Names = BuildNames();
    private static readonly Entry[] Entries = BuildEntries();
    private static readonly byte[] Slots = BuildSlots();

    /// <summary>The set of hop-by-hop fields, one bit per value.</summary>
    internal const ulong HopByHop =
        (1UL << (int)KnownHeader.Connection)
        | (1UL << (int)KnownHeader.KeepAlive)
        | (1UL << (int)KnownHeader.ProxyConnection)
        | (1UL << (int)KnownHeader.ProxyAuthenticate)
        | (1UL << (int)KnownHeader.ProxyAuthorization)
        | (1UL << (int)KnownHeader.Te)
        | (1UL << (int)KnownHeader.TransferEncoding)
        | (1UL << (int)KnownHeader.Upgrade)
        | (1UL << (int)KnownHeader.Http2Settings);

    // RFC 9110 section 6.5.1: framing, routing, modifiers, authentication, response control and payload processing,
    // and with them the mesh's own context, which is decided from the head alone.
    private const ulong NotInTrailers =
        HopByHop
        | (1UL << (int)KnownHeader.Host)
        | (1UL << (int)KnownHeader.ContentLength)
        | (1UL << (int)KnownHeader.Expect)
        | (1UL << (int)KnownHeader.Trailer)
        | (1UL << (int)KnownHeader.Via)
        | (1UL << (int)KnownHeader.Forwarded)
        | (1UL << (int)KnownHeader.XForwardedFor)
        | (1UL << (int)KnownHeader.XForwardedProto)
        | (1UL << (int)KnownHeader.XForwardedHost)
        | (1UL << (int)KnownHeader.XForwardedClientCert)
        | (1UL << (int)KnownHeader.Date)
        | (1UL << (int)KnownHeader.ContentType)
        | (1UL << (int)KnownHeader.ContentEncoding)
        | (1UL << (int)KnownHeader.ContentRange)
        | (1UL << (int)KnownHeader.Authorization)
        | (1UL << (int)KnownHeader.Cookie)
        | (1UL << (int)KnownHeader.SetCookie)
        | (1UL << (int)KnownHeader.CacheControl)
        | (1UL << (int)KnownHeader.Location)
        | (1UL << (int)KnownHeader.RetryAfter)
        | (1UL << (int)KnownHeader.MaxForwards)
        | (1UL << (int)KnownHeader.Range)
        | (1UL << (int)KnownHeader.WwwAuthenticate)
        | (1UL << (int)KnownHeader.GrpcTimeout)
        | (1UL << (int)KnownHeader.WeftDtab)
        | (1UL << (int)KnownHeader.WeftTimeout)
        | (1UL << (int)KnownHeader.WeftAttempt)
        | (1UL << (int)KnownHeader.WeftDst)
        | (1UL << (int)KnownHeader.WeftDstClient)
        | (1UL << (int)KnownHeader.WeftClientId)
        | (1UL << (int)KnownHeader.WeftError)
        | (1UL << (int)KnownHeader.WeftOther)
        | (1UL << (int)KnownHeader.L5dDtab)
        | (1UL << (int)KnownHeader.L5dOther);

    /// <summary>Which known name this is, whatever its letter case. Exact for any bytes, valid names or not.</summary>
    public static KnownHeader Classify(ReadOnlySpan<byte> name)
    {
        ulong first;
        ulong last;
        var length = name.Length;
        if (length >= 8)
        {
            first = BinaryPrimitives.ReadUInt64LittleEndian(name);
            last = BinaryPrimitives.ReadUInt64LittleEndian(name[(length - 8)..]);
        }
        else
        {
            first = PackShort(name);
            last = 0;
        }

        // The slot may ignore case carelessly (it also joins '@' with '`'); the comparison below is exact.
        var slot = ((first | CaseBits) ^ ((last | CaseBits) << 7) ^ (uint)length) * Multiplier >> 56;
        var known = Slots[(int)slot];
        ref readonly var entry = ref Entries[known];
        if (
            entry.Length == length
            && ((first ^ entry.First) & ~entry.FirstCase) == 0
            && ((last ^ entry.Last) & ~entry.LastCase) == 0
            && (length <= 16 || ((Middle(name) ^ entry.Middle) & ~entry.MiddleCase) == 0)
        )
        {
            return (KnownHeader)known;
        }

        return ByPrefix(name);
    }

    /// <summary>The name in lower case; of <see cref="KnownHeader.WeftOther"/> and <see cref="KnownHeader.L5dOther"/> the prefix.</summary>
    public static ReadOnlySpan<byte> NameOf(KnownHeader known) => Names[(int)known];

    /// <summary>
    /// True for fields that concern one connection only and are never passed on (RFC 9110 section 7.6.1). <c>Trailer</c>
    /// is not among them, because trailers themselves are passed on; credentials for a proxy end at this proxy.
    /// </summary>
    public static bool IsHopByHop(KnownHeader known) => (HopByHop & Bit(known)) != 0;

    /// <summary>True for fields that have no meaning, or a dangerous one, when they come after the body (RFC 9110 section 6.5.1).</summary>
    public static bool IsForbiddenInTrailers(KnownHeader known) => (NotInTrailers & Bit(known)) != 0;

    internal static ulong Bit(KnownHeader known) => 1UL << (int)known;

    private static KnownHeader ByPrefix(ReadOnlySpan<byte> name)
    {
        if (name.Length < 4)
        {
            return KnownHeader.None;
        }

        var head = BinaryPrimitives.ReadUInt32LittleEndian(name);
        if (((head ^ 0x7466_6577) & ~0x2020_2020U) == 0 && name.Length > 4 && name[4] == (byte)'-')
        {
            return KnownHeader.WeftOther;
        }

        // 'l5d-': only the two letters have a case.
        return ((head ^ 0x2D64_356C) & ~0x0020_0020U) == 0 ? KnownHeader.L5dOther : KnownHeader.None;
    }

    private static ulong PackShort(ReadOnlySpan<byte> name)
    {
        var length = name.Length;
        if (length >= 4)
        {
            return BinaryPrimitives.ReadUInt32LittleEndian(name)
                | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(name[(length - 4)..]) << 32);
        }

        return length == 0 ? 0 : name[0] | ((ulong)name[length >> 1] << 8) | ((ulong)name[length - 1] << 16);
    }

    // Names of up to 24 bytes are covered by the first, the second and the last eight bytes.
    private static ulong Middle(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadUInt64LittleEndian(name[8..]);

    private static Entry[] BuildEntries()
    {
        var entries = new Entry[Count];
        Span<byte> caseBits = stackalloc byte[MaxNameBytes];
        for (var known = 0; known < Count; known++)
        {
            ReadOnlySpan<byte> name = Names[known];
            var isExact = known != 0 && name[^1] != (byte)'-';
            if (!isExact)
            {
                // Matches nothing: prefixes are tried last.
                entries[known] = new Entry { Length = -1 };
                continue;
            }

            var letters = caseBits[..name.Length];
            for (var i = 0; i < name.Length; i++)
            {
                letters[i] = char.IsAsciiLetter((char)name[i]) ? (byte)0x20 : (byte)0;
            }

            var isLong = name.Length >= 8;
            entries[known] = new Entry
            {
                Length = name.Length,
                First = isLong ? BinaryPrimitives.ReadUInt64LittleEndian(name) : PackShort(name),
                FirstCase = isLong ? BinaryPrimitives.ReadUInt64LittleEndian(letters) : PackShort(letters),
                Last = isLong ? BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]) : 0,
                LastCase = isLong ? BinaryPrimitives.ReadUInt64LittleEndian(letters[^8..]) : 0,
                Middle = name.Length > 16 ? Middle(name) : 0,
                MiddleCase = name.Length > 16 ? Middle(letters) : 0,
            };
        }

        return entries;
    }

    private static byte[] BuildSlots()
    {
        var slots = new byte[256];
        for (var known = 1; known < Count; known++)
        {
            ref readonly var entry = ref Entries[known];
            if (entry.Length < 0)
            {
                continue;
            }

            var mixed = (entry.First | CaseBits) ^ ((entry.Last | CaseBits) << 7) ^ (uint)entry.Length;
            slots[(int)(mixed * Multiplier >> 56)] = (byte)known;
        }

        return slots;
    }

    private static byte[][] BuildNames() =>
        [
            [],
            [.. "host"u8],
            [.. "connection"u8],
            [.. "content-length"u8],
            [.. "transfer-encoding"u8],
            [.. "expect"u8],
            [.. "upgrade"u8],
            [.. "te"u8],
            [.. "trailer"u8],
            [.. "keep-alive"u8],
            [.. "proxy-connection"u8],
            [.. "proxy-authenticate"u8],
            [.. "proxy-authorization"u8],
            [.. "http2-settings"u8],
            [.. "via"u8],
            [.. "forwarded"u8],
            [.. "x-forwarded-for"u8],
            [.. "x-forwarded-proto"u8],
            [.. "x-forwarded-host"u8],
            [.. "x-forwarded-client-cert"u8],
            [.. "date"u8],
            [.. "server"u8],
            [.. "content-type"u8],
            [.. "content-encoding"u8],
            [.. "content-range"u8],
            [.. "accept"u8],
            [.. "accept-encoding"u8],
            [.. "user-agent"u8],
            [.. "authorization"u8],
            [.. "cookie"u8],
            [.. "set-cookie"u8],
            [.. "cache-control"u8],
            [.. "location"u8],
            [.. "retry-after"u8],
            [.. "max-forwards"u8],
            [.. "range"u8],
            [.. "www-authenticate"u8],
            [.. "traceparent"u8],
            [.. "tracestate"u8],
            [.. "b3"u8],
            [.. "x-b3-traceid"u8],
            [.. "x-b3-spanid"u8],
            [.. "x-b3-parentspanid"u8],
            [.. "x-b3-sampled"u8],
            [.. "x-b3-flags"u8],
            [.. "grpc-timeout"u8],
            [.. "grpc-status"u8],
            [.. "grpc-message"u8],
            [.. "weft-dtab"u8],
            [.. "weft-timeout"u8],
            [.. "weft-attempt"u8],
            [.. "weft-dst"u8],
            [.. "weft-dst-client"u8],
            [.. "weft-client-id"u8],
            [.. "weft-error"u8],
            [.. "weft-"u8],
            [.. "l5d-dtab"u8],
            [.. "l5d-"u8],
        ];

    private struct Entry
    {
        public ulong First;
        public ulong FirstCase;
        public ulong Last;
        public ulong LastCase;
        public ulong Middle;
        public ulong MiddleCase;
        public int Length;
    }
}
