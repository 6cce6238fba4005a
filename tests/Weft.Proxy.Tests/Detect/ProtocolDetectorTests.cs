using System.Text;

namespace Weft.Proxy.Tests;

public class ProtocolDetectorTests
{
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    /// <summary>First bytes, and what they are where everything is told apart.</summary>
    public static TheoryData<string, string> Known =>
        new()
        {
            { "GET / HTTP/1.1\r\nhost: web\r\n\r\n", "Http1" },
            { "GET /\r\n", "Http1" }, // HTTP/0.9, which is refused and not passed on
            { "PROPFIND /x HTTP/1.1\r\n", "Http1" },
            { "propfind  /x http/1.1\n", "Http1" },
            { "\r\n\r\nX / HTTP/1.1\r\n", "Http1" },
            { "X /a/b/c HTTP/1.1\r\n", "Http1" },
            { $"LONG /{new string('x', 8000)}", "Http1" },
            { "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", "Http1" },
            { Preface, "Http2" },
            { Preface + "\0\0\0\u0004\0\0\0\0\0", "Http2" },
            { "*1\r\n$4\r\nPING\r\n", "Opaque" }, // RESP
            { "PING\r\n", "Opaque" },
            { "get key\r\n", "Opaque" },
            { "CONNECT\naccept-version:1.2\n", "Opaque" }, // STOMP
            { "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "Opaque" },
            { "DESCRIBE rtsp://a/b RTSP/1.0\r\n", "Opaque" },
            { "\0\0\0\u0008\u0004\u00d2\u0016\u002f", "Opaque" }, // PostgreSQL asks for TLS
            { "\u0010\u000c\0\u0004MQTT", "Opaque" },
            { "\u0016\u0003\u0005\0", "Opaque" },
            { "\u0016\u0003\u0001\0\u0004\u0002", "Opaque" }, // a handshake, and no ClientHello
            { new string('x', 5000), "Opaque" },
            { new string('\n', 5000), "Opaque" },
            { Encoding.Latin1.GetString(Hellos.Of("books")), "Tls" },
            { Encoding.Latin1.GetString(Hellos.Of(null)), "Tls" },
            { Encoding.Latin1.GetString(Hellos.Of("books", record: 7)), "Tls" },
            { Encoding.Latin1.GetString(Hellos.Of("books", padding: 20_000)), "Opaque" },
        };

    [Theory]
    [MemberData(nameof(Known))]
    public void The_first_bytes_say_what_is_spoken_whatever_the_pieces(string text, string expected)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        Assert.Equal(expected, ProtocolDetector.Detect(bytes, DetectionScope.Any).ToString());
        var decided = false;
        for (var length = 1; length <= bytes.Length; length++)
        {
            var seen = ProtocolDetector.Detect(bytes.AsSpan(0, length), DetectionScope.Any).ToString();
            Assert.True(seen == expected || (!decided && seen == "Undecided"), $"{seen} after {length} bytes");
            decided |= seen == expected;
        }
    }

    [Theory]
    [InlineData("G", DetectionScope.HttpOrTls, "Http1")]
    [InlineData("P", DetectionScope.HttpOrTls, "Undecided")]
    [InlineData("PO", DetectionScope.HttpOrTls, "Http1")]
    [InlineData("\r", DetectionScope.HttpOrTls, "Http1")]
    [InlineData("*1\r\n", DetectionScope.HttpOrTls, "Http1")]
    [InlineData("\u0016", DetectionScope.HttpOrTls, "Undecided")]
    [InlineData("\0", DetectionScope.HttpOrTls, "Opaque")]
    [InlineData("\0", DetectionScope.Http, "Http1")]
    [InlineData("\u0016\u0003\u0001", DetectionScope.Http, "Http1")]
    [InlineData("P", DetectionScope.Http, "Undecided")]
    public void Where_less_is_told_apart_less_is_needed(string text, object scope, string expected) =>
        Assert.Equal(
            expected,
            ProtocolDetector.Detect(Encoding.Latin1.GetBytes(text), (DetectionScope)scope).ToString()
        );
}
