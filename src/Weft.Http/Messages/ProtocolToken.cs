using System.Text;

namespace Weft.Http;

/// <summary>The name of a protocol that a connection or a stream is switched to: a token, perhaps with a version (RFC 9110 section 7.8).</summary>
internal static class ProtocolToken
{
    /// <summary>The longest name in bytes; the registered ones have a third of it.</summary>
    public const int MaxBytes = 64;

    /// <summary>
    /// Whether a tunnel may carry the protocol: one name and no list. HTTP and TLS are no tunnels' business, under whatever name: requests inside would pass
    /// every rule of this proxy unseen.
    /// </summary>
    public static bool IsUsable(ReadOnlySpan<byte> protocol)
    {
        if (protocol.Length is 0 or > MaxBytes)
        {
            return false;
        }

        var slash = protocol.IndexOf((byte)'/');
        var name = slash < 0 ? protocol : protocol[..slash];
        return IsToken(name) && (slash < 0 || IsToken(protocol[(slash + 1)..])) && !IsOwn(name);
    }

    public static bool IsWebSocket(ReadOnlySpan<byte> protocol) => Ascii.EqualsIgnoreCase(protocol, "websocket"u8);

    private static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && text.IndexOfAnyExcept(Grammar.Token) < 0;

    private static bool IsOwn(ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(name, "http"u8)
        || Ascii.EqualsIgnoreCase(name, "h2c"u8)
        || Ascii.EqualsIgnoreCase(name, "h2"u8)
        || Ascii.EqualsIgnoreCase(name, "h3"u8)
        || Ascii.EqualsIgnoreCase(name, "tls"u8);
}
