using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Weft.Resources.Scalars;

/// <summary>An IP address and a port, <c>127.0.0.1:4140</c> or <c>[::1]:4140</c>; port 0 lets the system choose.</summary>
public static class AddressText
{
    private static readonly SearchValues<char> IpCharacters = SearchValues.Create("0123456789abcdefABCDEF.:");

    public static bool TryParse(string text, out IPEndPoint value)
    {
        value = new IPEndPoint(IPAddress.None, 0);
        var colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            return false;
        }
        var host = text.AsSpan(0, colon);
        var port = text.AsSpan(colon + 1);
        var bracketed = host is ['[', .., ']'];
        if (
            port.Length is 0 or > 5
            || !ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !TryParseIp(bracketed ? host[1..^1] : host, out var address)
            || bracketed != (address.AddressFamily == AddressFamily.InterNetworkV6)
        )
        {
            return false;
        }
        value = new IPEndPoint(address, number);
        return true;
    }

    /// <summary>An IP address in its usual form; old shorthands such as <c>127.1</c> and <c>0x7f.1</c> are not.</summary>
    internal static bool TryParseIp(ReadOnlySpan<char> text, out IPAddress address)
    {
        var isFull = text.Contains(':') || text.Count('.') == 3;
        var isPlain = !text.ContainsAnyExcept(IpCharacters);
        if (isFull && isPlain && IPAddress.TryParse(text, out var parsed))
        {
            // A leading zero would make the part octal.
            address = parsed;
            return parsed.AddressFamily == AddressFamily.InterNetworkV6 || text.SequenceEqual(parsed.ToString());
        }
        address = IPAddress.None;
        return false;
    }
}
