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

    public static readonly FieldBlock Via = new(("via", "1.1 weft"));
    public static readonly FieldBlock FirstAttempt = new(("weft-attempt", "1"));
    public static readonly FieldBlock SecondAttempt = new(("weft-attempt", "2"));
    public static readonly FieldBlock ThirdAttempt = new(("weft-attempt", "3"));

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

    private static readonly ulong s_forwarded = SetOf(KnownHeader.XForwardedFor, KnownHeader.Forwarded);

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

        return (head.Present & s_forwarded) != 0;
    }

    /// <summary>How many proxies of the mesh the request has passed.</summary>
    public static int HopsOf(RequestHead head)
    {
        var hops = 0;
        for (var i = head.Find(KnownHeader.Via); i >= 0; i = head.FindNext(KnownHeader.Via, i))
        {
            hops += System.MemoryExtensions.Count(head.Value(i), "1.1 weft"u8);
        }

        return hops;
    }

    /// <summary>What the first proxy says of the client: the address that it saw, and what was asked for.</summary>
    public static FieldBlock ForwardedOf(IPAddress client, ReadOnlySpan<byte> authority)
    {
        var host = Encoding.ASCII.GetString(authority);
        var node =
            client.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"\"[{client}]\"" : $"{client}";
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
        if (!Utf8Parser.TryParse(text, out double number, out var used) || !(number is >= 0 and <= 1e9))
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
