using System.Net;
using System.Text;

namespace Weft.Proxy.Tests;

public class RequestKeyTests
{
    private static readonly IPAddress s_peer = IPAddress.Parse("10.1.2.3");

    private static string? Read(string form, string identity, params string[] headers)
    {
        Span<byte> scratch = stackalloc byte[RequestKey.AddressBytes];
        var found = new RequestKey(form).TryRead(
            Routing.Get("/", headers),
            s_peer,
            Encoding.ASCII.GetBytes(identity),
            scratch,
            out var key
        );
        return found ? Encoding.Latin1.GetString(key) : null;
    }

    [Fact]
    public void A_service_has_one_key() => Assert.Equal("", Read("service", "me"));

    [Fact]
    public void A_client_is_its_identity_or_else_its_address()
    {
        Assert.Equal("spiffe://a/b", Read("client", "spiffe://a/b"));
        Assert.Equal("\u000a\u0001\u0002\u0003", Read("client", ""));
        Assert.Equal("\u000a\u0001\u0002\u0003", Read("source", "me"));
    }

    [Theory]
    [InlineData("header:x-user", "ann", "X-User: ann", "x-user: bob")]
    [InlineData("header:x-user", null, "x-other: ann")]
    [InlineData("cookie:session", "1a2b", "cookie: a=b; session=1a2b; c=d")]
    [InlineData("cookie:session", "", "cookie: session=")]
    [InlineData("cookie:session", "x=y", "cookie: sessions=1; session=x=y")]
    [InlineData("cookie:session", null, "cookie: a=session; session")]
    [InlineData("cookie:session", null, "x: session=1")]
    public void A_header_or_cookie_is_a_key_where_there_is_one(string form, string? key, params string[] headers) =>
        Assert.Equal(key, Read(form, "", headers));
}
