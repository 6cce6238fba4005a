using System.Text;
using Weft.Http;
using Path = Weft.Naming.Path;

namespace Weft.Proxy;

/// <summary>
/// From the host that a TLS client asks for to a logical name: <c>Books.Example.</c> is <c>/svc/books.example</c>. It has no port: that of the
/// scheme is the default one, which names leave out.
/// </summary>
internal static class HostName
{
    /// <summary>The longest key.</summary>
    public const int MaxKeyBytes = 1 + Authority.MaxHostBytes;

    private const int TlsPort = 443;

    // In no field value and no target, with which the keys of requests begin.
    private const byte Mark = 22;

    /// <summary>Writes what the name is remembered by; its length, or 0 when the host is none.</summary>
    public static int WriteKey(ReadOnlySpan<byte> host, Span<byte> key)
    {
        key[0] = Mark;
        return
            host.Length is > 0 and <= Authority.MaxHostBytes
            && !host.Contains((byte)':')
            && Authority.Normalize(host, TlsPort, key[1..], out var written)
            && written > 0
            ? 1 + written
            : 0;
    }

    /// <summary>The name that a key stands for.</summary>
    public static Path PathOf(ReadOnlySpan<byte> key) => Path.Of("svc", Encoding.Latin1.GetString(key[1..]));
}
