namespace Weft.Http.Tests.Http1;

public sealed class HostTests
{
    [Theory]
    [InlineData("Host: a\r\nHost: b\r\n")]
    [InlineData("Host: a\r\nHost: a\r\n")]
    [InlineData("Host: a\r\nX: y\r\nhOST: b\r\n")]
    public void Two_hosts_are_refused(string fields) =>
        Assert.Equal(RejectReason.RepeatedHost, Wire.Refusal($"GET / HTTP/1.1\r\n{fields}\r\n"));

    [Fact]
    public void Two_hosts_are_refused_beside_an_absolute_target_and_in_http_1_0()
    {
        Assert.Equal(RejectReason.RepeatedHost, Wire.Refusal("GET http://c/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"));
        Assert.Equal(RejectReason.RepeatedHost, Wire.Refusal("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("GET http://a/ HTTP/1.1\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nX-Host: a\r\n\r\n")]
    public void A_missing_host_is_refused_in_http_1_1(string text) =>
        Assert.Equal(RejectReason.MissingHost, Wire.Refusal(text));

    [Fact]
    public void A_missing_host_in_http_1_0_and_an_empty_one_leave_the_authority_empty()
    {
        Assert.Equal(0, Wire.Request("GET / HTTP/1.0\r\n\r\n").Authority.Length);
        Assert.Equal(0, Wire.Request("GET / HTTP/1.1\r\nHost:\r\n\r\n").Authority.Length);
        Assert.Equal(0, Wire.Request("GET / HTTP/1.1\r\nHost: \r\n\r\n").Authority.Length);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a,b")]
    [InlineData("a/b")]
    [InlineData("user@a")]
    [InlineData("a@b")]
    [InlineData("a:80:80")]
    [InlineData("a:b")]
    [InlineData("a:65536")]
    [InlineData("a:-1")]
    [InlineData("a:000080")]
    [InlineData(":80")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData(".")]
    [InlineData("a..")]
    [InlineData("a%2eb")]
    [InlineData("a\\b")]
    [InlineData("a?b")]
    [InlineData("a#b")]
    [InlineData("h\xf6st")]
    [InlineData("[::1")]
    [InlineData("[::1]x")]
    [InlineData("[fe80::1%25eth0]")]
    [InlineData("[1.2.3.4]")]
    [InlineData("[1::2::3]")]
    [InlineData("[]")]
    [InlineData("::1")]
    public void An_invalid_host_is_refused_even_where_the_target_would_win(string host)
    {
        Assert.Equal(RejectReason.InvalidHost, Wire.Refusal($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        Assert.Equal(RejectReason.InvalidHost, Wire.Refusal($"GET http://good/ HTTP/1.1\r\nHost: {host}\r\n\r\n"));
    }

    [Theory]
    [InlineData("a")]
    [InlineData("Books.Example.")]
    [InlineData("books:")]
    [InlineData("books:080")]
    [InlineData("my_service-1~x:65535")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("[::1]")]
    [InlineData("[2001:DB8::1.2.3.4]:8080")]
    public void Names_and_addresses_with_or_without_port_are_valid(string host) =>
        Assert.Equal(host, Wire.Text(Wire.Request($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n").Authority));
}
