using System.Net;
using Weft.Http;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>
/// The header with which a connection begins that is made on behalf of another one: the PROXY protocol, versions 1 and 2
/// (haproxy.org/download/2.9/doc/proxy-protocol.txt). Pure: bytes to addresses and back.
/// </summary>
/// <param name="Source">Who made the connection that is stood for; null when the header stands for none, such as a health check's.</param>
/// <param name="Destination">Whom it was made to; null together with <paramref name="Source"/>.</param>
internal readonly record struct ProxyHeader(IPEndPoint? Source, IPEndPoint? Destination)
{
    /// <summary>The longest header that <see cref="Read"/> takes, of either version, with all its extensions.</summary>
    public const int MaxRead = 2 * 1024;

    /// <summary>The longest header that <see cref="Write"/> makes.</summary>
    public const int MaxWritten = ProxyHeaderV1.MaxBytes;

    /// <summary>
    /// Reads the header at the front. Rejected: it is broken, too long, or there is none. When it is complete, <paramref name="length"/> is that of its bytes.
    /// </summary>
    public static ParseStatus Read(ReadOnlySpan<byte> received, out ProxyHeader header, out int length)
    {
        header = default;
        length = 0;
        return received.IsEmpty ? ParseStatus.Incomplete
            : received[0] == ProxyHeaderV2.Signature[0] ? ProxyHeaderV2.Read(received, out header, out length)
            : ProxyHeaderV1.Read(received, out header, out length);
    }

    /// <summary>Writes one; without addresses it says that the connection is made on nobody's behalf. Returns its length.</summary>
    public static int Write(
        ProxyProtocolVersion version,
        IPEndPoint? source,
        IPEndPoint? target,
        Span<byte> destination
    )
    {
        if (source is not null && target is not null && source.AddressFamily != target.AddressFamily)
        {
            // Both must be of one family: IPv4 has its place within IPv6 (RFC 4291 section 2.5.5.2).
            source = new IPEndPoint(source.Address.MapToIPv6(), source.Port);
            target = new IPEndPoint(target.Address.MapToIPv6(), target.Port);
        }

        return version == ProxyProtocolVersion.V2
            ? ProxyHeaderV2.Write(source, target, destination)
            : ProxyHeaderV1.Write(source, target, destination);
    }
}
