using Weft.Resources;

namespace Weft.Proxy.Tests;

public class NameKeyTests
{
    private static readonly ValueList<Identifier> s_host = [new Identifier.Host()];

    [Fact]
    public void Requests_that_differ_only_in_what_is_not_looked_at_have_one_key() =>
        Assert.Equal(
            KeyOf(s_host, "GET /a HTTP/1.1\nHost: h\nx-a: 1"),
            KeyOf(s_host, "POST /b HTTP/1.1\nx-b: 2\nHost: h\ncontent-length: 0")
        );

    [Fact]
    public void Dtabs_of_the_request_are_part_of_the_key()
    {
        var plain = KeyOf(s_host, "GET / HTTP/1.1\nHost: h");
        var one = KeyOf(s_host, "GET / HTTP/1.1\nHost: h\nweft-dtab: /a => /b");
        var other = KeyOf(s_host, "GET / HTTP/1.1\nHost: h\nl5d-dtab: /a => /c");

        Assert.Equal(3, new[] { plain, one, other }.Distinct().Count());
    }

    [Fact]
    public void Fields_cannot_run_into_each_other()
    {
        ValueList<Identifier> both = [new Identifier.Header("x-a"), new Identifier.Host()];

        Assert.NotEqual(
            KeyOf(both, "GET / HTTP/1.1\nHost: c\nx-a: ab"),
            KeyOf(both, "GET / HTTP/1.1\nHost: bc\nx-a: a")
        );
    }

    [Theory]
    [InlineData("path:2", "GET /a/b/c HTTP/1.1\nHost: h", "GET /a/b?x HTTP/1.1\nHost: i", true)]
    [InlineData("path:2", "GET /a/b HTTP/1.1\nHost: h", "GET /a/c HTTP/1.1\nHost: h", false)]
    [InlineData("methodAndHost", "GET / HTTP/1.1\nHost: h", "PUT / HTTP/1.1\nHost: h", false)]
    public void The_key_holds_what_the_identifier_looks_at(string identifier, string first, string second, bool same)
    {
        Assert.True(Identifier.TryParse(identifier, out var parsed));

        Assert.Equal(same, KeyOf([parsed], first) == KeyOf([parsed], second));
    }

    [Fact]
    public void A_key_that_does_not_fit_is_none()
    {
        var head = Heads.Request($"GET / HTTP/1.1\nHost: h\nweft-dtab: {new string('x', 200)}");

        Assert.Equal(-1, NameKey.Write(s_host, head, new byte[100]));
    }

    private static string KeyOf(ValueList<Identifier> identifiers, string head)
    {
        var key = new byte[4096];
        var length = NameKey.Write(identifiers, Heads.Request(head), key);
        return Convert.ToHexString(key.AsSpan(0, length));
    }
}
