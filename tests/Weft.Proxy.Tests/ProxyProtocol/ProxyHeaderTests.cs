using System.Buffers.Binary;
using System.Net;
using System.Text;
using Weft.Http;
using Weft.Resources;

namespace Weft.Proxy.Tests;

public class ProxyHeaderTests
{
    private const string Signature = "\r\n\r\n\0\r\nQUIT\n";

    /// <summary>Headers, and whom they stand for.</summary>
    public static TheoryData<string, string?> Valid =>
        new()
        {
            { "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n", "192.0.2.1:56324 192.0.2.2:443" },
            { "PROXY TCP4 255.255.255.255 0.0.0.0 65535 0\r\n", "255.255.255.255:65535 0.0.0.0:0" },
            { "PROXY TCP6 2001:db8::1 ::ffff:1.2.3.4 1 2\r\n", "[2001:db8::1]:1 [::ffff:1.2.3.4]:2" },
            { "PROXY UNKNOWN\r\n", null },
            { "PROXY UNKNOWN ffff::1 anything at all 1 2\r\n", null },
            { V2(0x21, 0x11, [1, 2, 3, 4, 5, 6, 7, 8, 0, 80, 1, 187]), "1.2.3.4:80 5.6.7.8:443" },
            { V2(0x21, 0x21, [.. new byte[15], 1, .. new byte[15], 2, 0, 80, 1, 187]), "[::1]:80 [::2]:443" },
            { V2(0x21, 0x11, [1, 2, 3, 4, 5, 6, 7, 8, 0, 80, 1, 187, 4, 0, 3, 9, 9, 9]), "1.2.3.4:80 5.6.7.8:443" },
            { V2(0x20, 0x00, []), null },
            { V2(0x20, 0x11, [1, 2, 3, 4, 5, 6, 7, 8, 0, 80, 1, 187]), null },
            { V2(0x21, 0x00, [4, 0, 1, 9]), null },
            { V2(0x21, 0x31, new byte[216]), null },
        };

    public static TheoryData<string> Broken =>
        new()
        {
            "GET / HTTP/1.1\r\n",
            "PROXY\r\n",
            "proxy TCP4 1.2.3.4 5.6.7.8 1 2\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n",
            "PROXY TCP4  1.2.3.4 5.6.7.8 1 2\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 \r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 01 2\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 1 65536\r\n",
            "PROXY TCP4 1.2.3.4 5.6.7.8 +1 2\r\n",
            "PROXY TCP4 1.2.3.04 5.6.7.8 1 2\r\n",
            "PROXY TCP4 1.2.3 5.6.7.8 1 2\r\n",
            "PROXY TCP4 ::1 ::2 1 2\r\n",
            "PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n",
            "PROXY TCP6 fe80::1%1 ::2 1 2\r\n",
            "PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n",
            "PROXY UNKNOWNX\r\n",
            $"PROXY UNKNOWN {new string('x', 107)}\r\n",
            V2(0x11, 0x11, new byte[12]),
            V2(0x22, 0x11, new byte[12]),
            V2(0x21, 0x12, new byte[12]),
            V2(0x21, 0x41, new byte[12]),
            V2(0x21, 0x11, new byte[11]),
            V2(0x21, 0x21, new byte[35]),
            V2(0x21, 0x31, new byte[215]),
            V2(0x21, 0x11, new byte[14]), // an extension that is cut off
            V2(0x21, 0x11, [.. new byte[12], 4, 0, 2, 9]), // one that is longer than the rest
            V2(0x21, 0x11, [.. new byte[12], 3, 0, 4, 1, 2, 3, 4]), // a checksum that is wrong
            V2(0x21, 0x11, new byte[4000]), // oversized
            "\r\n\r\n\0\r\nQUIT\r",
        };

    [Theory]
    [MemberData(nameof(Valid))]
    public void A_header_says_whom_the_connection_stands_for_whatever_the_pieces(string text, string? expected)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(ParseStatus.Incomplete, ProxyHeader.Read(bytes.AsSpan(0, length), out _, out _));
        }

        Assert.Equal(ParseStatus.Complete, ProxyHeader.Read((byte[])[.. bytes, 1, 2], out var header, out var used));
        Assert.Equal(bytes.Length, used);
        Assert.Equal(expected, header.Source is null ? null : $"{header.Source} {header.Destination}");
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_broken_header_is_rejected_at_its_end_at_the_latest(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        Assert.Equal(ParseStatus.Rejected, ProxyHeader.Read(bytes, out _, out _));
        var rejected = false;
        for (var length = 1; length <= bytes.Length; length++)
        {
            var status = ProxyHeader.Read(bytes.AsSpan(0, length), out _, out _);
            Assert.True(status == ParseStatus.Rejected || (status == ParseStatus.Incomplete && !rejected));
            rejected |= status == ParseStatus.Rejected;
        }
    }

    [Fact]
    public void A_right_checksum_is_accepted()
    {
        // PP2_TYPE_CRC32C over this header, its own four bytes taken as 0.
        var bytes = Encoding.Latin1.GetBytes(
            V2(0x21, 0x11, [1, 2, 3, 4, 5, 6, 7, 8, 0, 80, 1, 187, 3, 0, 4, 0, 0, 0, 0])
        );
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(bytes.Length - 4), Crc32C(bytes));

        Assert.Equal(ParseStatus.Complete, ProxyHeader.Read(bytes, out var header, out _));
        Assert.Equal("1.2.3.4:80", header.Source!.ToString());
    }

    [Theory]
    [InlineData("1.2.3.4:5", "6.7.8.9:10", "1.2.3.4:5 6.7.8.9:10")]
    [InlineData("[2001:db8::1]:5", "[::1]:65535", "[2001:db8::1]:5 [::1]:65535")]
    [InlineData("1.2.3.4:5", "[::1]:10", "[::ffff:1.2.3.4]:5 [::1]:10")]
    [InlineData(
        "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535",
        "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe]:65535",
        null
    )]
    public void What_is_written_is_what_is_read(string source, string destination, string? expected)
    {
        foreach (var version in (ProxyProtocolVersion[])[ProxyProtocolVersion.V1, ProxyProtocolVersion.V2])
        {
            var bytes = new byte[ProxyHeader.MaxWritten];
            var written = ProxyHeader.Write(version, IPEndPoint.Parse(source), IPEndPoint.Parse(destination), bytes);

            Assert.Equal(
                ParseStatus.Complete,
                ProxyHeader.Read(bytes.AsSpan(0, written), out var header, out var used)
            );
            Assert.Equal(written, used);
            Assert.Equal(expected ?? $"{source} {destination}", $"{header.Source} {header.Destination}");
        }
    }

    [Fact]
    public void On_behalf_of_nobody_it_says_so()
    {
        var bytes = new byte[ProxyHeader.MaxWritten];
        var written = ProxyHeader.Write(ProxyProtocolVersion.V1, null, null, bytes);
        Assert.Equal("PROXY UNKNOWN\r\n", Encoding.ASCII.GetString(bytes, 0, written));

        written = ProxyHeader.Write(ProxyProtocolVersion.V2, null, null, bytes);
        Assert.Equal(Signature + "\u0020\0\0\0", Encoding.Latin1.GetString(bytes, 0, written));
    }

    internal static string V2(byte command, byte family, byte[] payload) =>
        Signature
        + Encoding.Latin1.GetString([command, family, (byte)(payload.Length >> 8), (byte)payload.Length, .. payload]);

    /// <summary>Castagnoli's polynomial, bit by bit.</summary>
    private static uint Crc32C(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0x82f63b78);
            }
        }

        return ~crc;
    }
}
