namespace Weft.Http.Tests.Http1;

public sealed class RequestTargetTests
{
    [Theory]
    [InlineData("http://evil:81/p?q", "evil:81", "/p?q", TargetScheme.Http)]
    [InlineData("HTTPS://Evil/p", "Evil", "/p", TargetScheme.Https)]
    [InlineData("http://evil", "evil", "/", TargetScheme.Http)]
    [InlineData("http://evil?q=/x", "evil", "/?q=/x", TargetScheme.Http)]
    [InlineData("http://[::1]:80/", "[::1]:80", "/", TargetScheme.Http)]
    public void Absolute_form_wins_over_host_everywhere(
        string target,
        string authority,
        string path,
        TargetScheme scheme
    )
    {
        var head = Wire.Request($"GET {target} HTTP/1.1\r\nHost: good\r\nA: b\r\n\r\n");

        Assert.Equal(TargetForm.Absolute, head.TargetForm);
        Assert.Equal(scheme, head.Scheme);
        Assert.Equal(authority, Wire.Text(head.Authority));
        Assert.Equal(path, Wire.Text(head.Path));
        Assert.Equal(target, Wire.Text(head.Target));
        Assert.Equal(authority, Wire.Text(head.Value(head.Find(KnownHeader.Host))));
        Assert.Equal($"Host: {authority}\r\nA: b\r\n", Wire.Written(head));
    }

    [Fact]
    public void Absolute_form_needs_no_host_in_http_1_0() =>
        Assert.Equal("evil", Wire.Text(Wire.Request("GET http://evil/ HTTP/1.0\r\n\r\n").Authority));

    [Theory]
    [InlineData("GET http://user@evil/ HTTP/1.1\r\n")]
    [InlineData("GET http://user:pw@evil/ HTTP/1.1\r\n")]
    [InlineData("GET http:/// HTTP/1.1\r\n")]
    [InlineData("GET http:// HTTP/1.1\r\n")]
    [InlineData("GET http:/evil HTTP/1.1\r\n")]
    [InlineData("GET http://ev%69l/ HTTP/1.1\r\n")]
    [InlineData("GET http://evil\\@good/ HTTP/1.1\r\n")]
    [InlineData("GET http://evil:x/ HTTP/1.1\r\n")]
    [InlineData("GET ftp://evil/ HTTP/1.1\r\n")]
    [InlineData("GET evil/ HTTP/1.1\r\n")]
    [InlineData("GET ?q HTTP/1.1\r\n")]
    [InlineData("GET evil:80 HTTP/1.1\r\n")]
    [InlineData("GET * HTTP/1.1\r\n")]
    [InlineData("OPTIONS ** HTTP/1.1\r\n")]
    [InlineData("CONNECT / HTTP/1.1\r\n")]
    [InlineData("CONNECT evil HTTP/1.1\r\n")]
    [InlineData("CONNECT evil: HTTP/1.1\r\n")]
    [InlineData("CONNECT http://evil:80/ HTTP/1.1\r\n")]
    [InlineData("CONNECT evil:80/x HTTP/1.1\r\n")]
    public void Targets_of_no_form_or_of_the_wrong_one_are_refused(string line) =>
        Assert.Equal(RejectReason.InvalidTarget, Wire.Refusal(line + "Host: good\r\n\r\n"));

    [Theory]
    [InlineData("*", TargetForm.Asterisk)]
    [InlineData("http://good", TargetForm.Absolute)]
    public void Options_for_the_whole_server_is_an_asterisk(string target, TargetForm form)
    {
        var head = Wire.Request($"OPTIONS {target} HTTP/1.1\r\nHost: good\r\n\r\n");
        Assert.Equal((form, "*", "good"), (head.TargetForm, Wire.Text(head.Path), Wire.Text(head.Authority)));
    }

    [Fact]
    public void Connect_names_the_authority_and_has_no_path()
    {
        var head = Wire.Request("CONNECT books:443 HTTP/1.1\r\nHost: other\r\n\r\n");
        Assert.Equal(
            (TargetForm.Authority, "books:443", ""),
            (head.TargetForm, Wire.Text(head.Authority), Wire.Text(head.Path))
        );
        Assert.Equal("books:443", Wire.Text(head.Value(head.Find(KnownHeader.Host))));
    }

    [Fact]
    public void A_path_put_in_place_of_the_received_one_lasts_until_the_next_request()
    {
        var bytes = Wire.Bytes("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
        var parser = new Http1RequestParser();
        var head = new RequestHead();
        parser.Parse(bytes, 0, bytes.Length, head);
        head.SetPath("/normal"u8);
        Assert.Equal("/normal", Wire.Text(head.Path));
        parser.Parse(bytes, 0, bytes.Length, head);
        Assert.Equal("/a", Wire.Text(head.Path));
    }

    [Fact]
    public void Another_authority_takes_the_place_of_Host_until_the_next_request()
    {
        var bytes = Wire.Bytes("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
        var parser = new Http1RequestParser();
        var head = new RequestHead();
        parser.Parse(bytes, 0, bytes.Length, head);
        head.SetAuthority("books.internal"u8);
        Assert.Equal("books.internal", Wire.Text(head.Authority));
        Assert.Equal(-1, head.Find(KnownHeader.Host));
        parser.Parse(bytes, 0, bytes.Length, head);
        Assert.Equal("a", Wire.Text(head.Authority));
        Assert.Equal(0, head.Find(KnownHeader.Host));
    }
}
