using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Weft.Http;

namespace Weft.Proxy;

/// <summary>Version 1: one line of text, <c>PROXY TCP4 192.0.2.1 192.0.2.2 56324 443</c>.</summary>
internal static class ProxyHeaderV1
{
    /// <summary>The longest line, its end included (section 2.1).</summary>
    public const int MaxBytes = 107;

    private static ReadOnlySpan<byte> Prefix => "PROXY "u8;

    public static ParseStatus Read(ReadOnlySpan<byte> received, out ProxyHeader header, out int length)
    {
        header = default;
        length = 0;
        var common = Math.Min(received.Length, Prefix.Length);
        if (!received[..common].SequenceEqual(Prefix[..common]))
        {
            return ParseStatus.Rejected;
        }

        var line = received[..Math.Min(received.Length, MaxBytes)];
        var end = line.IndexOf((byte)'\n');
        if (end < 0)
        {
            return line.Length < MaxBytes ? ParseStatus.Incomplete : ParseStatus.Rejected;
        }

        length = end + 1;
        return line[end - 1] == (byte)'\r' && TryRead(line[Prefix.Length..(end - 1)], out header)
            ? ParseStatus.Complete
            : ParseStatus.Rejected;
    }

    public static int Write(IPEndPoint? source, IPEndPoint? target, Span<byte> destination)
    {
        var line =
            source is null || target is null
                ? "PROXY UNKNOWN\r\n"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"PROXY {Family(source)} {source.Address} {target.Address} {source.Port} {target.Port}\r\n"
                );
        return Encoding.ASCII.GetBytes(line, destination);

        static string Family(IPEndPoint end) => end.AddressFamily == AddressFamily.InterNetwork ? "TCP4" : "TCP6";
    }

    private static bool TryRead(ReadOnlySpan<byte> text, out ProxyHeader header)
    {
        header = default;
        if (text.SequenceEqual("UNKNOWN"u8) || text.StartsWith("UNKNOWN "u8))
        {
            return true; // What follows must be ignored.
        }

        Span<Range> parts = stackalloc Range[6];
        if (text.Length > MaxBytes || text.ContainsAnyExceptInRange((byte)' ', (byte)'z') || Split(text, parts) != 5)
        {
            return false;
        }

        AddressFamily? family =
            text[parts[0]].SequenceEqual("TCP4"u8) ? AddressFamily.InterNetwork
            : text[parts[0]].SequenceEqual("TCP6"u8) ? AddressFamily.InterNetworkV6
            : null;
        if (
            family is null
            || !TryAddress(text[parts[1]], family.Value, out var source)
            || !TryAddress(text[parts[2]], family.Value, out var target)
            || !TryPort(text[parts[3]], out var sourcePort)
            || !TryPort(text[parts[4]], out var targetPort)
        )
        {
            return false;
        }

        header = new ProxyHeader(new IPEndPoint(source, sourcePort), new IPEndPoint(target, targetPort));
        return true;
    }

    /// <summary>The number of parts between single spaces; one more than fit counts as too many.</summary>
    private static int Split(ReadOnlySpan<byte> text, Span<Range> parts)
    {
        var count = 0;
        foreach (var part in text.Split((byte)' '))
        {
            if (count == parts.Length)
            {
                break;
            }

            parts[count++] = part;
        }

        return count;
    }

    private static bool TryAddress(ReadOnlySpan<byte> text, AddressFamily family, out IPAddress address)
    {
        // One spelling each: no leading zeros, no shorthand, no zone.
        var isPlain = !text.Contains((byte)'%') && !text.Contains((byte)'[') && !text.Contains((byte)'/');
        if (
            isPlain
            && IPAddress.TryParse(Encoding.ASCII.GetString(text), out var parsed)
            && parsed.AddressFamily == family
        )
        {
            address = parsed;
            return family == AddressFamily.InterNetworkV6 || Encoding.ASCII.GetString(text) == parsed.ToString();
        }

        address = IPAddress.None;
        return false;
    }

    private static bool TryPort(ReadOnlySpan<byte> text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port)
        && (text.Length == 1 || text[0] != (byte)'0');
}
