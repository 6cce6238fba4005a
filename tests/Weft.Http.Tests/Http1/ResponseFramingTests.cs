namespace Weft.Http.Tests.Http1;

public sealed class ResponseFramingTests
{
    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", RejectReason.LengthAndTransferEncoding)]
    [InlineData("Content-Length: 5\r\nContent-Length: 6\r\n", RejectReason.RepeatedContentLength)]
    [InlineData("Content-Length: 5\r\nContent-Length: 5\r\n", RejectReason.RepeatedContentLength)]
    [InlineData("Content-Length: 5, 5\r\n", RejectReason.InvalidContentLength)]
    [InlineData("Transfer-Encoding: chunked, gzip\r\n", RejectReason.UnsupportedTransferEncoding)]
    [InlineData("Transfer-Encoding: gzip\r\n", RejectReason.UnsupportedTransferEncoding)]
    [InlineData("Transfer-Encoding: gzip, chunked\r\n", RejectReason.UnsupportedTransferEncoding)]
    public void Ambiguous_lengths_are_refused_whatever_the_status(string fields, RejectReason reason)
    {
        foreach (var status in (int[])[200, 204, 304, 100])
        {
            Assert.Equal(reason, Wire.ResponseRefusal($"HTTP/1.1 {status} X\r\n{fields}\r\n"));
        }

        Assert.Equal(reason, Wire.ResponseRefusal($"HTTP/1.1 200 X\r\n{fields}\r\n", RequestMethod.Head));
    }

    [Fact]
    public void Transfer_encoding_in_http_1_0_is_refused() =>
        Assert.Equal(
            RejectReason.TransferEncodingInHttp10,
            Wire.ResponseRefusal("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        );

    [Theory]
    [InlineData(200, RequestMethod.Get, "Content-Length: 5\r\n", BodyKind.Length, 5)]
    [InlineData(200, RequestMethod.Get, "Transfer-Encoding: chunked\r\n", BodyKind.Chunked, -1)]
    [InlineData(200, RequestMethod.Get, "", BodyKind.UntilClose, -1)]
    [InlineData(200, RequestMethod.Head, "", BodyKind.None, -1)]
    [InlineData(200, RequestMethod.Head, "Content-Length: 5\r\n", BodyKind.None, 5)]
    [InlineData(200, RequestMethod.Head, "Transfer-Encoding: chunked\r\n", BodyKind.None, -1)]
    [InlineData(304, RequestMethod.Get, "Content-Length: 5\r\n", BodyKind.None, 5)]
    [InlineData(304, RequestMethod.Get, "", BodyKind.None, -1)]
    [InlineData(204, RequestMethod.Get, "Content-Length: 5\r\n", BodyKind.None, -1)]
    [InlineData(204, RequestMethod.Get, "Transfer-Encoding: chunked\r\n", BodyKind.None, -1)]
    [InlineData(103, RequestMethod.Get, "Content-Length: 5\r\n", BodyKind.None, -1)]
    [InlineData(101, RequestMethod.Get, "", BodyKind.None, -1)]
    [InlineData(200, RequestMethod.Connect, "Content-Length: 5\r\n", BodyKind.None, -1)]
    [InlineData(200, RequestMethod.Connect, "Transfer-Encoding: chunked\r\n", BodyKind.None, -1)]
    [InlineData(407, RequestMethod.Connect, "Content-Length: 5\r\n", BodyKind.Length, 5)]
    [InlineData(205, RequestMethod.Get, "Content-Length: 0\r\n", BodyKind.Length, 0)]
    public void The_body_follows_from_status_method_and_fields(
        int status,
        RequestMethod method,
        string fields,
        BodyKind body,
        long length
    )
    {
        var head = Wire.Response($"HTTP/1.1 {status} X\r\n{fields}\r\n", method);
        Assert.Equal((body, length), (head.Body, head.ContentLength));
    }

    [Theory]
    [InlineData(204)]
    [InlineData(100)]
    public void A_length_on_a_response_that_cannot_have_one_is_not_passed_on(int status)
    {
        var head = Wire.Response($"HTTP/1.1 {status} X\r\nContent-Length: 5\r\nA: b\r\n\r\n");
        Assert.Equal("A: b\r\n", Wire.Written(head));
    }

    [Theory]
    [InlineData("1.1 200", "Content-Length: 5\r\n", true)]
    [InlineData("1.1 200", "Content-Length: 5\r\nConnection: close\r\n", false)]
    [InlineData("1.1 200", "", false)]
    [InlineData("1.1 204", "", true)]
    [InlineData("1.1 304", "", true)]
    [InlineData("1.1 101", "Connection: upgrade\r\nUpgrade: x\r\n", false)]
    [InlineData("1.0 200", "Content-Length: 5\r\n", false)]
    [InlineData("1.0 200", "Content-Length: 5\r\nConnection: keep-alive\r\n", true)]
    [InlineData("1.0 200", "Connection: keep-alive\r\n", false)]
    public void The_connection_lives_on_only_when_the_end_is_known(string line, string fields, bool keepAlive) =>
        Assert.Equal(keepAlive, Wire.Response($"HTTP/{line} X\r\n{fields}\r\n").KeepAlive);

    [Fact]
    public void A_tunnel_is_not_reused() =>
        Assert.False(Wire.Response("HTTP/1.1 200 OK\r\n\r\n", RequestMethod.Connect).KeepAlive);
}
