using System.Text;

namespace Weft.Proxy.Tests;

/// <summary>One path for the decision and for what is sent on (attack 28 of the list of hostile input).</summary>
public class PathFormTests
{
    private static readonly RouteTable s_guarded = Routing.Matches("{path: {value: /admin}}", "{path: {value: /}}");

    [Theory]
    [InlineData("/a", "/a")]
    [InlineData("/%61dmin", "/admin")]
    [InlineData("/%7e%2d%5f", "/~-_")]
    [InlineData("/caf%c3%a9", "/caf%C3%A9")]
    [InlineData("/a%2fb", "/a%2Fb")]
    [InlineData("/%2561", "/%2561")]
    [InlineData("/./a", "/a")]
    [InlineData("/x/../a", "/a")]
    [InlineData("/x/%2e%2E/a", "/a")]
    [InlineData("/a/..", "/")]
    [InlineData("/a/b/..", "/a/")]
    [InlineData("/a/.", "/a/")]
    [InlineData("/.", "/")]
    [InlineData("/a//../b", "/a/b")]
    [InlineData("/a//b", "/a//b")]
    [InlineData("/.a/..b/...", "/.a/..b/...")]
    [InlineData("/..", null)]
    [InlineData("/a/../..", null)]
    [InlineData("/%", null)]
    [InlineData("/%6", null)]
    [InlineData("/%zz", null)]
    [InlineData("/%%361", null)]
    [InlineData("/a%00", null)]
    public void A_path_has_one_canonical_form_or_none(string path, string? canonical)
    {
        var bytes = Encoding.ASCII.GetBytes(path);
        var buffer = new byte[bytes.Length];
        var length = PathForm.Canonicalize(bytes, buffer);
        Assert.Equal(canonical, length < 0 ? null : Encoding.ASCII.GetString(buffer, 0, length));
        // The same in place, and the canonical form is its own.
        Assert.Equal(length, PathForm.Canonicalize(bytes, bytes));
        if (canonical is not null)
        {
            Assert.Equal(length, PathForm.Canonicalize(buffer.AsSpan(0, length), bytes));
            Assert.Equal(canonical, Encoding.ASCII.GetString(bytes, 0, length));
        }
    }

    [Theory]
    [InlineData("/admin", "r/0")]
    [InlineData("/%61dmin", "r/0")]
    [InlineData("/./admin", "r/0")]
    [InlineData("/x/../admin", "r/0")]
    [InlineData("/x/%2e%2e/admin?q=..", "r/0")]
    [InlineData("/admin/", "r/0")]
    [InlineData("/admin?", "r/0")]
    [InlineData("/ADMIN", "r/1")]
    [InlineData("/%2561dmin", "r/1")]
    [InlineData("//admin", "bad-request")]
    [InlineData("/\\admin", "bad-request")]
    [InlineData("/x/..%2Fadmin", "bad-request")]
    [InlineData("/x%5C..%5Cadmin", "bad-request")]
    [InlineData("/admin%2f", "bad-request")]
    [InlineData("/x%2F..%2F..", "bad-request")]
    [InlineData("/../admin", "bad-request")]
    [InlineData("/admin%00", "bad-request")]
    [InlineData("/100%", "bad-request")]
    [InlineData("/projects/a%2Fb", "r/1")]
    [InlineData("/admin/a%2Fb//c", "r/0")]
    public void No_spelling_of_a_path_takes_another_route(string path, string taken) =>
        Assert.Equal(taken, s_guarded.Taken(path));

    [Theory]
    [InlineData("/x/../admin?a=/../b", "/admin?a=/../b")]
    [InlineData("/admin/a%2fb", "/admin/a%2Fb")]
    [InlineData("/admin", "/admin")]
    public void What_was_decided_on_is_sent_on(string path, string sent)
    {
        var head = Routing.Get(path);
        Assert.Equal("r/0", s_guarded.Taken(head));
        Assert.Equal(sent, Encoding.ASCII.GetString(head.Path));
    }

    [Fact]
    public void A_service_whose_routes_do_not_look_at_paths_takes_any_spelling()
    {
        var head = Routing.Get("//a%2F/../%");
        Assert.Equal("r/0", Routing.Matches("{method: GET}").Taken(head));
        Assert.Equal("//a%2F/../%", Encoding.ASCII.GetString(head.Path));
    }

    [Fact]
    public void A_long_path_is_put_into_its_form_too()
    {
        var head = Routing.Get($"/x/../admin/{new string('a', 3000)}");
        Assert.Equal("r/0", s_guarded.Taken(head));
        Assert.Equal($"/admin/{new string('a', 3000)}", Encoding.ASCII.GetString(head.Path));
    }
}
