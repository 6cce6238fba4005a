namespace Weft.Http.Tests.Http1;

public sealed class RequestParserTests
{
    [Fact]
    public void An_ordinary_request_is_taken_apart()
    {
        var head = Wire.Request("GET /a/b?c=d HTTP/1.1\r\nHost: Books:80\r\nAccept:  */* \t\r\nX-Empty:\r\n\r\n");

        Assert.Equal(RequestMethod.Get, head.Method);
        Assert.Equal("/a/b?c=d", Wire.Text(head.Path));
        Assert.Equal("Books:80", Wire.Text(head.Authority));
        Assert.Equal(TargetForm.Origin, head.TargetForm);
        Assert.Equal(ProtocolVersion.Http11, head.Version);
        Assert.Equal(BodyKind.None, head.Body);
        Assert.Equal(-1, head.ContentLength);
        Assert.True(head.KeepAlive);
        Assert.Equal(
            "\nHost(Host)=[Books:80]\nAccept(Accept)=[*/*]\nX-Empty(None)=[]",
            Wire.Describe((FieldSection)head)
        );
        Assert.Equal(1, head.Find(KnownHeader.Accept));
        Assert.Equal(2, head.Find("x-empty"u8));
        Assert.Equal(-1, head.Find(KnownHeader.Cookie));
    }

    [Fact]
    public void A_second_request_in_the_same_buffer_begins_where_the_first_ended()
    {
        var bytes = Wire.Bytes("GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: b\r\nTE: x\r\n\r\n");
        var parser = new Http1RequestParser();
        var head = new RequestHead();

        Assert.Equal(ParseStatus.Complete, parser.Parse(bytes, 0, bytes.Length, head));
        Assert.Equal("/1", Wire.Text(head.Path));
        var start = parser.Consumed;
        Assert.Equal(ParseStatus.Complete, parser.Parse(bytes, start, bytes.Length, head));
        Assert.Equal("/2", Wire.Text(head.Path));
        Assert.Equal("b", Wire.Text(head.Authority));
        Assert.Equal(2, head.Count);
        Assert.Equal(bytes.Length, start + parser.Consumed);
    }

    [Fact]
    public void Bytes_that_moved_are_followed_by_rebase()
    {
        var head = Wire.Request("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var moved = new byte[100];
        head.Buffer.CopyTo(moved, 7);
        Array.Clear(head.Buffer);

        head.Rebase(moved, 7);

        Assert.Equal("a", Wire.Text(head.Authority));
        Assert.Equal("GET", Wire.Text(head.MethodSpan));
    }

    [Fact]
    public void One_empty_line_before_the_request_is_tolerated() =>
        Assert.Equal("/", Wire.Text(Wire.Request("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n").Path));

    [Theory]
    [InlineData("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", RejectReason.InvalidMethod)]
    [InlineData("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", RejectReason.BareLineFeed)]
    [InlineData("\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", RejectReason.BareCarriageReturn)]
    public void Other_bytes_before_the_request_are_refused(string text, RejectReason reason) =>
        Assert.Equal(reason, Wire.Refusal(text));
}
