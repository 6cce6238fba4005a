namespace Weft.Http.Tests.Http1;

public sealed class RequestFramingTests
{
    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", RejectReason.LengthAndTransferEncoding)]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", RejectReason.LengthAndTransferEncoding)]
    [InlineData("Content-Length: x\r\nTransfer-Encoding: y\r\n", RejectReason.LengthAndTransferEncoding)]
    public void Both_length_and_transfer_encoding_are_refused(string fields, RejectReason reason) =>
        Assert.Equal(reason, Refusal(fields));

    [Theory]
    [InlineData("Content-Length: 5\r\nContent-Length: 6\r\n", RejectReason.RepeatedContentLength)]
    [InlineData("Content-Length: 5\r\nContent-Length: 5\r\n", RejectReason.RepeatedContentLength)]
    [InlineData("Content-Length: 5\r\ncontent-LENGTH: 5\r\n", RejectReason.RepeatedContentLength)]
    [InlineData("Content-Length: 5, 5\r\n", RejectReason.InvalidContentLength)]
    [InlineData("Content-Length: 5,6\r\n", RejectReason.InvalidContentLength)]
    [InlineData("Content-Length: +5\r\n", RejectReason.InvalidContentLength)]
    [InlineData("Content-Length: -5\r\n", RejectReason.InvalidContentLength)]
    [InlineData("Content-Length: 0x5\r\n", RejectReason.InvalidContentLength)]
    [InlineData("Content-Length: 5 5\r\n", RejectReason.InvalidContentLength)]
    [InlineData("Content-Length: 5.0\r\n", RejectReason.InvalidContentLength)]
    [InlineData("Content-Length: \xb2\r\n", RejectReason.InvalidContentLength)]
    [InlineData("Content-Length: \u000b5\r\n", RejectReason.ControlByte)]
    [InlineData("Content-Length:\r\n", RejectReason.InvalidContentLength)]
    [InlineData("Content-Length: 9223372036854775808\r\n", RejectReason.InvalidContentLength)]
    [InlineData("Content-Length: 18446744073709551621\r\n", RejectReason.InvalidContentLength)]
    [InlineData("Content-Length: 00000000000000000005\r\n", RejectReason.InvalidContentLength)]
    [InlineData("Content-Length : 5\r\n", RejectReason.WhitespaceBeforeColon)]
    public void Any_length_but_one_plain_number_is_refused(string fields, RejectReason reason) =>
        Assert.Equal(reason, Refusal(fields));

    [Theory]
    [InlineData("xchunked", RejectReason.UnsupportedTransferEncoding)]
    [InlineData("chunked, identity", RejectReason.UnsupportedTransferEncoding)]
    [InlineData("gzip, chunked", RejectReason.UnsupportedTransferEncoding)]
    [InlineData("chunked, chunked", RejectReason.UnsupportedTransferEncoding)]
    [InlineData("chunked;q=1", RejectReason.UnsupportedTransferEncoding)]
    [InlineData("\"chunked\"", RejectReason.UnsupportedTransferEncoding)]
    [InlineData("identity", RejectReason.UnsupportedTransferEncoding)]
    [InlineData("chunked,", RejectReason.UnsupportedTransferEncoding)]
    [InlineData("", RejectReason.UnsupportedTransferEncoding)]
    [InlineData("chunked\r\nTransfer-Encoding: identity", RejectReason.UnsupportedTransferEncoding)]
    [InlineData("chunked\r\nTransfer-Encoding: chunked", RejectReason.UnsupportedTransferEncoding)]
    [InlineData("\x0b" + "chunked", RejectReason.ControlByte)]
    [InlineData("\r\n chunked", RejectReason.ObsoleteFolding)]
    public void Any_transfer_encoding_but_one_chunked_is_refused(string value, RejectReason reason)
    {
        Assert.Equal(reason, Refusal($"Transfer-Encoding: {value}\r\n"));
        Assert.Equal(400, Rejection.StatusOf(reason));
    }

    [Fact]
    public void Transfer_encoding_in_http_1_0_is_refused() =>
        Assert.Equal(
            RejectReason.TransferEncodingInHttp10,
            Wire.Refusal("POST / HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n")
        );

    [Theory]
    [InlineData("", BodyKind.None, -1L)]
    [InlineData("Content-Length: 0\r\n", BodyKind.Length, 0L)]
    [InlineData("Content-Length:  005 \r\n", BodyKind.Length, 5L)]
    [InlineData("Content-Length: 9223372036854775807\r\n", BodyKind.Length, long.MaxValue)]
    [InlineData("Transfer-Encoding: Chunked\r\n", BodyKind.Chunked, -1L)]
    public void The_body_is_what_the_one_field_says(string fields, BodyKind body, long length)
    {
        var head = Wire.Request($"POST / HTTP/1.1\r\nHost: a\r\n{fields}\r\n");
        Assert.Equal((body, length), (head.Body, head.ContentLength));
    }

    [Theory]
    [InlineData("1.1", "", true)]
    [InlineData("1.1", "Connection: close\r\n", false)]
    [InlineData("1.1", "Connection: x, Close\r\n", false)]
    [InlineData("1.1", "Connection: keep-alive\r\nConnection: close\r\n", false)]
    [InlineData("1.1", "Connection: closed\r\n", true)]
    [InlineData("1.0", "", false)]
    [InlineData("1.0", "Connection: Keep-Alive\r\n", true)]
    [InlineData("1.0", "Connection: keep-alive, close\r\n", false)]
    [InlineData("1.0", "Proxy-Connection: keep-alive\r\n", false)]
    [InlineData("1.0", "Keep-Alive: timeout=5\r\n", false)]
    public void A_connection_persists_by_version_and_option(string version, string fields, bool keepAlive) =>
        Assert.Equal(keepAlive, Wire.Request($"GET / HTTP/{version}\r\nHost: a\r\n{fields}\r\n").KeepAlive);

    [Fact]
    public void Connection_options_are_bounded()
    {
        var most = string.Join(',', Enumerable.Repeat("x", ConnectionOption.MaxOptions));
        Assert.Equal(RejectReason.None, Refusal($"Connection: {most},,\r\n"));
        Assert.Equal(RejectReason.TooManyConnectionOptions, Refusal($"Connection: {most}\r\nConnection: x\r\n"));
    }

    [Theory]
    [InlineData("1.1", "Expect: 100-Continue\r\nContent-Length: 1\r\n", true)]
    [InlineData("1.1", "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n", true)]
    [InlineData("1.1", "Expect: 100-continue\r\nContent-Length: 0\r\n", false)]
    [InlineData("1.1", "Expect: 100-continue\r\n", false)]
    [InlineData("1.1", "Expect: 200-ok\r\nContent-Length: 1\r\n", false)]
    [InlineData("1.0", "Expect: 100-continue\r\nContent-Length: 1\r\n", false)]
    public void Continue_is_expected_only_before_a_body(string version, string fields, bool expected) =>
        Assert.Equal(expected, Wire.Request($"POST / HTTP/{version}\r\nHost: a\r\n{fields}\r\n").ExpectContinue);

    [Theory]
    [InlineData("1.1", "Connection: Upgrade\r\nUpgrade: websocket\r\n", true)]
    [InlineData("1.1", "Connection: keep-alive, upgrade\r\nUpgrade: h2c\r\n", true)]
    [InlineData("1.1", "Upgrade: websocket\r\n", false)]
    [InlineData("1.1", "Connection: upgrade\r\n", false)]
    [InlineData("1.0", "Connection: upgrade\r\nUpgrade: websocket\r\n", false)]
    public void Upgrade_needs_both_fields_and_http_1_1(string version, string fields, bool upgrade) =>
        Assert.Equal(upgrade, Wire.Request($"GET / HTTP/{version}\r\nHost: a\r\n{fields}\r\n").UpgradeRequested);

    [Theory]
    [InlineData("TE: trailers\r\n", true)]
    [InlineData("TE: gzip;q=0.5, Trailers\r\n", true)]
    [InlineData("TE: gzip\r\n", false)]
    [InlineData("", false)]
    public void Te_tells_whether_trailers_are_read(string fields, bool accepts) =>
        Assert.Equal(accepts, Wire.Request($"GET / HTTP/1.1\r\nHost: a\r\n{fields}\r\n").AcceptsTrailers);

    [Theory]
    [InlineData("Content-Length: 1\r\n", RejectReason.BodyOnConnect)]
    [InlineData("Transfer-Encoding: chunked\r\n", RejectReason.BodyOnConnect)]
    [InlineData("Content-Length: 0\r\n", RejectReason.None)]
    public void Connect_has_no_body(string fields, RejectReason reason) =>
        Assert.Equal(reason, Wire.Refusal($"CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n{fields}\r\n"));

    private static RejectReason Refusal(string fields) =>
        Wire.Refusal($"POST / HTTP/1.1\r\nHost: a\r\n{fields}\r\n0\r\n\r\n");
}
