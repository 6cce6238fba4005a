using System.Net;
using System.Net.Sockets;

namespace Weft.Resources.Scalars;

/// <summary>An IP network, <c>10.0.0.0/8</c>; a lone address is the network of itself.</summary>
public static class NetworkText
{
    public static bool TryParse(string text, out IPNetwork value)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            // Bits beyond the prefix are a slip of the pen that would trust more peers than the author sees.
            return IPNetwork.TryParse(text, out value)
                && AddressText.TryParseIp(text.AsSpan(0, slash), out var written)
                && value.BaseAddress.Equals(written);
        }
        var isAddress = AddressText.TryParseIp(text, out var address);
        value = isAddress
            ? new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)
            : default;
        return isAddress;
    }
}
