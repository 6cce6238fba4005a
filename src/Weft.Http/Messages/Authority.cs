using System.Buffers;
using System.Net;
using System.Text;

namespace Weft.Http;

/// <summary><c>host[:port]</c> as it stands in Host and in request targets (RFC 3986 section 3.2, RFC 9110 section 7.2).</summary>
/// <remarks>
/// Narrower than the RFC on purpose: a name has letters, digits and <c>-._~</c> only, so no percent-encoding, no comma and
/// no user information, and no empty label. Those are the ways in which two readers see two hosts.
/// </remarks>
public static class Authority
{
    /// <summary>The longest host, in bytes.</summary>
    public const int MaxHostBytes = 255;

    private const int MaxPortDigits = 5;

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"u8
    );

    private static readonly SearchValues<byte> AddressBytes = SearchValues.Create("0123456789ABCDEFabcdef:."u8);

    /// <summary>
    /// Splits and validates. <paramref name="host"/> keeps the brackets of an IPv6 address and a trailing dot;
    /// <paramref name="port"/> is -1 when there is none or when it is empty (<c>host:</c>).
    /// </summary>
    public static bool TrySplit(ReadOnlySpan<byte> authority, out ReadOnlySpan<byte> host, out int port)
    {
        host = default;
        port = -1;
        var end = HostLength(authority);
        if (end <= 0)
        {
            return false;
        }

        host = authority[..end];
        if (end == authority.Length)
        {
            return true;
        }

        return authority[end] == (byte)':' && TryPort(authority[(end + 1)..], out port);
    }

    public static bool IsValid(ReadOnlySpan<byte> authority) => TrySplit(authority, out _, out _);

    /// <summary>
    /// Writes the one spelling of an authority: lower case, without one trailing dot, without an empty port or the scheme's
    /// default one; any other port is kept, without leading zeros. False when the authority is not valid or
    /// <paramref name="destination"/> is shorter than the authority.
    /// </summary>
    public static bool Normalize(ReadOnlySpan<byte> authority, int defaultPort, Span<byte> destination, out int written)
    {
        written = 0;
        if (!TrySplit(authority, out var host, out var port) || destination.Length < authority.Length)
        {
            return false;
        }

        if (host[^1] == (byte)'.')
        {
            host = host[..^1];
        }

        Ascii.ToLower(host, destination, out written);
        if (port < 0 || port == defaultPort)
        {
            return true;
        }

        destination[written++] = (byte)':';
        _ = port.TryFormat(destination[written..], out var digits);
        written += digits;
        return true;
    }

    private static int HostLength(ReadOnlySpan<byte> authority)
    {
        if (authority.Length == 0)
        {
            return 0;
        }

        if (authority[0] == (byte)'[')
        {
            return AddressLength(authority);
        }

        var end = authority.IndexOfAnyExcept(NameBytes);
        if (end < 0)
        {
            end = authority.Length;
        }

        var host = authority[..end];
        var isName = end is > 0 and <= MaxHostBytes && host[0] != (byte)'.' && host.IndexOf(".."u8) < 0;
        return isName ? end : 0;
    }

    // '[' IPv6 ']'. No zone (it means nothing to anyone else) and no future address forms.
    private static int AddressLength(ReadOnlySpan<byte> authority)
    {
        var close = authority.IndexOf((byte)']');
        if (close < 0)
        {
            return 0;
        }

        var address = authority[1..close];
        var isAddress =
            address.Contains((byte)':') && address.IndexOfAnyExcept(AddressBytes) < 0 && IPAddress.IsValidUtf8(address);
        return isAddress ? close + 1 : 0;
    }

    private static bool TryPort(ReadOnlySpan<byte> digits, out int port)
    {
        port = -1;
        if (digits.Length == 0)
        {
            return true;
        }

        if (digits.Length > MaxPortDigits)
        {
            return false;
        }

        var value = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            value = value * 10 + (digit - '0');
        }

        port = value;
        return value <= ushort.MaxValue;
    }
}
