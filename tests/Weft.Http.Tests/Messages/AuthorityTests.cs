namespace Weft.Http.Tests.Messages;

public sealed class AuthorityTests
{
    [Theory]
    [InlineData("Books:80", 80, "books")]
    [InlineData("books", 80, "books")]
    [InlineData("BOOKS.", 80, "books")]
    [InlineData("books.:80", 80, "books")]
    [InlineData("books:080", 80, "books")]
    [InlineData("books:", 80, "books")]
    [InlineData("books.:", 80, "books")]
    [InlineData("books:443", 443, "books")]
    [InlineData("books:443", 80, "books:443")]
    [InlineData("books:08080", 80, "books:8080")]
    [InlineData("books:0", 80, "books:0")]
    [InlineData("Admin.Example.:080", 80, "admin.example")]
    [InlineData("[2001:DB8::1]:80", 80, "[2001:db8::1]")]
    [InlineData("[::1]:8080", 80, "[::1]:8080")]
    [InlineData("127.0.0.1:80", 80, "127.0.0.1")]
    public void Every_spelling_has_one_normal_form(string authority, int defaultPort, string normal)
    {
        var buffer = new byte[authority.Length];
        Assert.True(Authority.Normalize(Wire.Bytes(authority), defaultPort, buffer, out var written));
        Assert.Equal(normal, Wire.Text(buffer.AsSpan(0, written)));

        Assert.True(Authority.Normalize(Wire.Bytes(normal), defaultPort, buffer, out written));
        Assert.Equal(normal, Wire.Text(buffer.AsSpan(0, written)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("a..")]
    [InlineData("a b")]
    [InlineData("a:99999")]
    public void What_is_no_authority_has_none(string authority) =>
        Assert.False(Authority.Normalize(Wire.Bytes(authority), 80, new byte[100], out _));

    [Fact]
    public void A_buffer_that_is_too_small_is_reported() =>
        Assert.False(Authority.Normalize("books"u8, 80, new byte[4], out _));

    [Fact]
    public void A_host_is_bounded()
    {
        Assert.True(Authority.IsValid(Wire.Bytes(new string('a', Authority.MaxHostBytes) + ":80")));
        Assert.False(Authority.IsValid(Wire.Bytes(new string('a', Authority.MaxHostBytes + 1))));
    }

    [Theory]
    [InlineData("a:80", "a", 80)]
    [InlineData("a.", "a.", -1)]
    [InlineData("[::1]:", "[::1]", -1)]
    public void Host_and_port_are_told_apart(string authority, string host, int port)
    {
        Assert.True(Authority.TrySplit(Wire.Bytes(authority), out var hostBytes, out var portNumber));
        Assert.Equal((host, port), (Wire.Text(hostBytes), portNumber));
    }
}
