namespace Weft.Http.Tests.Http1;

public sealed class ResponseParserTests
{
    [Fact]
    public void An_ordinary_response_is_taken_apart()
    {
        var head = Wire.Response("HTTP/1.1 404 Not Found\r\nServer: x\r\nContent-Length: 12\r\n\r\n");

        Assert.Equal((404, "Not Found"), (head.Status, Wire.Text(head.Reason)));
        Assert.Equal((BodyKind.Length, 12L, true), (head.Body, head.ContentLength, head.KeepAlive));
        Assert.Equal("\nServer(Server)=[x]\nContent-Length(ContentLength)=[12]", Wire.Describe((FieldSection)head));
    }

    [Theory]
    [InlineData("HTTP/1.1 200\r\n\r\n", "")]
    [InlineData("HTTP/1.1 200 \r\n\r\n", "")]
    [InlineData("HTTP/1.1 200  \r\n\r\n", " ")]
    [InlineData("HTTP/1.1 200 caf\xe9\tx\r\n\r\n", "caf\xe9\tx")]
    public void The_reason_phrase_may_be_missing_or_anything(string text, string reason) =>
        Assert.Equal(reason, Wire.Text(Wire.Response(text).Reason));

    [Theory]
    [InlineData("\r\nHTTP/1.1 200 OK\r\n", RejectReason.InvalidStatusLine)]
    [InlineData("200 OK\r\n", RejectReason.InvalidStatusLine)]
    [InlineData("http/1.1 200 OK\r\n", RejectReason.InvalidStatusLine)]
    [InlineData("HTTP/1.1  200 OK\r\n", RejectReason.InvalidStatusLine)]
    [InlineData("HTTP/1.1\t200 OK\r\n", RejectReason.InvalidStatusLine)]
    [InlineData("HTTP/1.1 20 OK\r\n", RejectReason.InvalidStatusLine)]
    [InlineData("HTTP/1.1 2000 OK\r\n", RejectReason.InvalidStatusLine)]
    [InlineData("HTTP/1.1 200OK\r\n", RejectReason.InvalidStatusLine)]
    [InlineData("HTTP/1.1 099 OK\r\n", RejectReason.InvalidStatusLine)]
    [InlineData("HTTP/1.1 600 OK\r\n", RejectReason.InvalidStatusLine)]
    [InlineData("HTTP/1.1 +20 OK\r\n", RejectReason.InvalidStatusLine)]
    [InlineData("HTTP/2.0 200 OK\r\n", RejectReason.UnsupportedVersion)]
    [InlineData("HTTP/1.1 200 OK\n", RejectReason.BareLineFeed)]
    [InlineData("HTTP/1.1 200 O\rK", RejectReason.BareCarriageReturn)]
    [InlineData("HTTP/1.1 200 O\0K", RejectReason.ControlByte)]
    public void A_broken_status_line_is_refused_as_soon_as_it_is_seen(string text, RejectReason reason) =>
        Assert.Equal(reason, Wire.ResponseRefusal(text));

    [Theory]
    [InlineData(100, true, false)]
    [InlineData(103, true, false)]
    [InlineData(101, false, true)]
    [InlineData(200, false, false)]
    public void Interim_responses_and_switches_are_told_apart(int status, bool interim, bool switches)
    {
        var head = Wire.Response($"HTTP/1.1 {status} X\r\n\r\n");
        Assert.Equal((interim, switches), (head.IsInterim, head.SwitchesProtocol));
    }

    [Fact]
    public void A_final_response_behind_an_interim_one_is_read_on_its_own()
    {
        var bytes = Wire.Bytes(
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"
        );
        var parser = new Http1ResponseParser();
        var head = new ResponseHead();
        Assert.Equal(ParseStatus.Complete, parser.Parse(bytes, 0, bytes.Length, head, RequestMethod.Get));
        Assert.True(head.IsInterim);
        var start = parser.Consumed;
        Assert.Equal(ParseStatus.Complete, parser.Parse(bytes, start, bytes.Length, head, RequestMethod.Get));
        Assert.Equal((200, 1, 1L), (head.Status, head.Count, head.ContentLength));
        Assert.Equal(bytes.Length - 1, start + parser.Consumed);
    }

    [Fact]
    public void Every_reason_of_a_response_is_upstream_protocol() =>
        Assert.Equal("upstream-protocol", Rejection.OfResponse);
}
