using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Numerics;
using System.Text;
using Weft.Http;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>Which header fields of the mesh a request may bring along, and which a proxy puts in their place.</summary>
internal static class ContextFields
{
    /// <summary>Requests that have passed more proxies of the mesh than this go round in circles.</summary>
    public const int MaxHops = 32;

    private static readonly FieldBlock s_via1 = new(("via", "1.1 weft"));
    private static readonly FieldBlock s_via2 = new(("via", "2.0 weft"));

    /// <summary>Says that a message of this version has passed here (RFC 9110 section 7.6.3).</summary>
    public static FieldBlock ViaOf(ProtocolVersion received) => received == ProtocolVersion.Http2 ? s_via2 : s_via1;

    /// <summary>Tells the hops before that this one has tried again and given up, so that they do not multiply it.</summary>
    public static readonly FieldBlock RetryExhausted = new(("weft-retry", "exhausted"));

    /// <summary>The name of that field.</summary>
    public static ReadOnlySpan<byte> RetryName => "weft-retry"u8;

    // What only the mesh may say. From a peer that is not trusted none of it passes (attacks: header spoofing).
    private static readonly ulong s_untrusted = SetOf(
        KnownHeader.WeftDtab,
        KnownHeader.L5dDtab,
        KnownHeader.L5dOther,
        KnownHeader.WeftOther,
        KnownHeader.XForwardedFor,
        KnownHeader.XForwardedProto,
        KnownHeader.XForwardedHost,
        KnownHeader.XForwardedClientCert,
        KnownHeader.Forwarded
    );

    // What this hop says anew, or what has no place in a request.
    private static readonly ulong s_always = SetOf(
        KnownHeader.WeftAttempt,
        KnownHeader.WeftDst,
        KnownHeader.WeftDstClient,
        KnownHeader.WeftClientId,
        KnownHeader.WeftTimeout,
        KnownHeader.WeftError
    );

    private static readonly ulong s_forwarded = SetOf(
        KnownHeader.XForwardedFor,
        KnownHeader.XForwardedProto,
        KnownHeader.XForwardedHost,
        KnownHeader.Forwarded
    );

    private static readonly SearchValues<byte> s_decimal = SearchValues.Create("0123456789."u8);

    // Longer names are no spelling of a field of the mesh, but for those that begin with weft- or l5d-.
    private const int MaxSpelling = 32;

    /// <summary>Whether a peer's context is believed.</summary>
    public static bool IsTrusted(ListenerConfig listener, IPAddress peer)
    {
        foreach (var network in listener.Trust)
        {
            if (network.Contains(peer))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Drops what must not pass; true when the peer is trusted and has said who the first client was.</summary>
    public static bool Drop(RequestHead head, bool trusted)
    {
        var drop = trusted ? s_always : s_always | s_untrusted;
        for (var set = head.Present & drop; set != 0; set &= set - 1)
        {
            head.Drop((KnownHeader)BitOperations.TrailingZeroCount(set));
        }

        DropSpellings(head);
        return (head.Present & s_forwarded) != 0;
    }

    /// <summary>
    /// Many applications read <c>weft_client_id</c> and <c>weft-client-id</c> as one (CGI, WSGI and their kin): nobody may say with the one
    /// what only the mesh may say with the other.
    /// </summary>
    private static void DropSpellings(RequestHead head)
    {
        // Most requests have no such byte in any of their names, and few fields that are not known.
        for (var i = 0; i < head.Count; i++)
        {
            ref readonly var field = ref head.Fields[i];
            if (
                field.Known is KnownHeader.None or KnownHeader.WeftOther or KnownHeader.L5dOther
                && !field.Dropped
                && head.Name(i).Contains((byte)'_')
                && IsSpelling(head.Name(i))
            )
            {
                head.Drop(i);
            }
        }
    }

    private static bool IsSpelling(ReadOnlySpan<byte> name)
    {
        Span<byte> canonical = stackalloc byte[MaxSpelling];
        canonical = canonical[..Math.Min(name.Length, MaxSpelling)];
        name[..canonical.Length].Replace(canonical, (byte)'_', (byte)'-');
        var known = KnownHeaders.Classify(canonical);
        return ((1UL << (int)known) & (s_always | s_untrusted)) != 0;
    }

    /// <summary>Which attempt of the hop before a request is, from 1 on; 1 when nothing is said of it.</summary>
    public static int AttemptOf(RequestHead head) =>
        head.TryGet(KnownHeader.WeftAttempt, out var value)
        && Utf8Parser.TryParse(value, out int attempt, out var used)
        && used == value.Length
            ? Math.Max(1, attempt)
            : 1;

    /// <summary>How many proxies of the mesh the request has passed.</summary>
    public static int HopsOf(RequestHead head)
    {
        var hops = 0;
        for (var i = head.Find(KnownHeader.Via); i >= 0; i = head.FindNext(KnownHeader.Via, i))
        {
            hops +=
                System.MemoryExtensions.Count(head.Value(i), "1.1 weft"u8)
                + System.MemoryExtensions.Count(head.Value(i), "2.0 weft"u8);
        }

        return hops;
    }

    /// <summary>What the first proxy says of the client: the address that it saw, and what was asked for.</summary>
    public static FieldBlock ForwardedOf(IPAddress client, ReadOnlySpan<byte> authority)
    {
        var host = Encoding.ASCII.GetString(authority);
        var node =
            client.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"\"[{client}]\"" : $"{client}";
        if (host.Length == 0)
        {
            return new FieldBlock(
                ("x-forwarded-for", client.ToString()),
                ("x-forwarded-proto", "http"),
                ("forwarded", $"for={node};proto=http")
            );
        }

        return new FieldBlock(
            ("x-forwarded-for", client.ToString()),
            ("x-forwarded-proto", "http"),
            ("x-forwarded-host", host),
            ("forwarded", $"for={node};proto=http;host=\"{host}\"")
        );
    }

    /// <summary>
    /// The time that the caller gives the request: <c>250ms</c>, <c>2s</c>, <c>1m</c>, <c>1h</c>. Null when none is stated; what cannot be read is an error of the caller.
    /// </summary>
    public static bool TryReadTimeout(RequestHead head, out long? milliseconds)
    {
        milliseconds = null;
        for (var i = head.Find(KnownHeader.WeftTimeout); i >= 0; i = head.FindNext(KnownHeader.WeftTimeout, i))
        {
            if (!TryDuration(head.Value(i), out var stated))
            {
                return false;
            }

            milliseconds = Math.Min(milliseconds ?? long.MaxValue, stated);
        }

        return true;
    }

    /// <summary>
    /// The same for a gRPC call, which may state its time as <c>grpc-timeout</c> too: the shorter one counts, and the field is taken out
    /// because this hop says it anew.
    /// </summary>
    public static bool TryReadGrpcTimeout(RequestHead head, ref long? milliseconds)
    {
        if (!head.TryGet(KnownHeader.GrpcTimeout, out var value))
        {
            return true;
        }

        if (!GrpcTimeout.TryRead(value, out var stated))
        {
            return false;
        }

        milliseconds = Math.Min(milliseconds ?? long.MaxValue, stated);
        head.Drop(KnownHeader.GrpcTimeout);
        return true;
    }

    /// <summary>Writes a duration as the next hop reads it; the number of bytes.</summary>
    public static int WriteTimeout(long milliseconds, Span<byte> destination)
    {
        _ = Utf8Formatter.TryFormat(Math.Max(milliseconds, 0), destination, out var length);
        "ms"u8.CopyTo(destination[length..]);
        return length + 2;
    }

    private static bool TryDuration(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        var digits = text.IndexOfAnyExcept(s_decimal);
        if (
            digits <= 0
            || !Utf8Parser.TryParse(text[..digits], out double number, out var used)
            || used != digits
            || number > 1e9
        )
        {
            return false;
        }

        double unit = text[used..] switch
        {
            [(byte)'m', (byte)'s'] => 1,
            [(byte)'s'] => 1000,
            [(byte)'m'] => 60_000,
            [(byte)'h'] => 3_600_000,
            _ => 0,
        };
        milliseconds = (long)Math.Ceiling(number * unit);
        return unit > 0;
    }

    private static ulong SetOf(params ReadOnlySpan<KnownHeader> headers)
    {
        var set = 0UL;
        foreach (var header in headers)
        {
            set |= 1UL << (int)header;
        }

        return set;
    }
}
