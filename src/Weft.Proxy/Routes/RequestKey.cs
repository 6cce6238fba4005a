using System.Net;
using System.Text;
using Weft.Http;

namespace Weft.Proxy;

/// <summary>What tells requests apart for a rate limit (<c>service</c>, <c>client</c>, <c>header:NAME</c>) or a ring hash (<c>source</c>, <c>header:NAME</c>, <c>cookie:NAME</c>). Immutable.</summary>
internal sealed class RequestKey
{
    /// <summary>Bytes that the text of an address needs.</summary>
    public const int AddressBytes = 16;

    private readonly Kind _kind;
    private readonly byte[] _name;

    /// <summary>Reads a form.</summary>
    /// <param name="text">As the readers have let it pass.</param>
    /// <exception cref="ArgumentException">It is none of the forms.</exception>
    public RequestKey(string text)
    {
        var parts = text.Split(':', 2);
        _kind = parts[0] switch
        {
            "service" => Kind.Service,
            "client" => Kind.Client,
            "source" => Kind.Source,
            "header" when parts.Length == 2 => Kind.Header,
            "cookie" when parts.Length == 2 => Kind.Cookie,
            _ => throw new ArgumentException($"'{text}' is no key of requests", nameof(text)),
        };
        _name = parts.Length == 2 ? Encoding.ASCII.GetBytes(parts[1]) : [];
    }

    private enum Kind
    {
        Service,
        Client,
        Source,
        Header,
        Cookie,
    }

    /// <summary>
    /// The key of a request; false when it has none, because it lacks the header or cookie. A value lies in the head, or in
    /// <paramref name="scratch"/>: use it before either changes. Of several headers of one name the first counts.
    /// </summary>
    /// <param name="head">The request.</param>
    /// <param name="peer">Who has sent it.</param>
    /// <param name="identity">The peer's authenticated identity; empty when it has none, and then a client is its address.</param>
    /// <param name="scratch">At least <see cref="AddressBytes"/>.</param>
    /// <param name="key">Empty for a whole service.</param>
    public bool TryRead(
        RequestHead head,
        IPAddress peer,
        ReadOnlySpan<byte> identity,
        Span<byte> scratch,
        out ReadOnlySpan<byte> key
    )
    {
        key = default;
        switch (_kind)
        {
            case Kind.Service:
                return true;
            case Kind.Client when !identity.IsEmpty:
                key = identity;
                return true;
            case Kind.Client or Kind.Source:
                _ = peer.TryWriteBytes(scratch, out var length);
                key = scratch[..length];
                return true;
            case Kind.Header:
                var index = head.Find(_name);
                key = index < 0 ? default : head.Value(index);
                return index >= 0;
            default:
                return TryReadCookie(head, out key);
        }
    }

    /// <summary>Cookies are <c>name=value</c>, divided by semicolons (RFC 6265 section 4.2.1).</summary>
    private bool TryReadCookie(RequestHead head, out ReadOnlySpan<byte> value)
    {
        for (var i = head.Find(KnownHeader.Cookie); i >= 0; i = head.FindNext(KnownHeader.Cookie, i))
        {
            var rest = head.Value(i);
            while (!rest.IsEmpty)
            {
                var end = rest.IndexOf((byte)';');
                var pair = (end < 0 ? rest : rest[..end]).Trim(" \t"u8);
                rest = end < 0 ? default : rest[(end + 1)..];
                if (pair.Length > _name.Length && pair[_name.Length] == (byte)'=' && pair.StartsWith(_name))
                {
                    value = pair[(_name.Length + 1)..];
                    return true;
                }
            }
        }

        value = default;
        return false;
    }
}
