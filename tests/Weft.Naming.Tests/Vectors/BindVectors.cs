using Weft.Naming.Tests.Support;

namespace Weft.Naming.Tests.Vectors;

/// <summary>Vectors of binding. The number in a name is the row in the table of vectors.</summary>
public sealed class BindVectors
{
    private readonly ScriptedNamer _namer = new ScriptedNamer().Bind("/test/1", "/test/2");

    public BindVectors()
    {
        _namer["/slow"] = NameState.Pending.Instance;
        _namer["/down"] = new NameState.Failed("down");
        _namer["/out"] = new NameState.Failed("out");
    }

    [Fact]
    public void Row22_nothing_after_fail_is_looked_up()
    {
        Assert.Equal("!", Show.Bind("", "(! | /test/1 | /test/2)", _namer));
        Assert.Empty(_namer.Asked);
    }

    [Fact]
    public void Nothing_after_the_alternative_that_wins_is_looked_up()
    {
        Assert.Equal("/test/1", Show.Bind("/s => /down; /s => /test/1; /s => /nothing", "/s", _namer));
        Assert.Equal(["/nothing", "/test/1"], _namer.Asked);
    }

    [Fact]
    public void Row24_empty_wins() => Assert.Equal("$", Show.Bind("", "(/$/nil | /$/fail | /test/1)", _namer));

    [Fact]
    public void Row25_a_union_of_pending_is_pending() =>
        Assert.Equal("pending", Show.Bind("", "/slow & /slow", _namer));

    [Theory]
    [InlineData("/test/1 & /slow")]
    [InlineData("/slow & /test/1")]
    [InlineData("/down & /test/1")]
    public void Row26_pending_and_failed_members_are_left_out(string tree) =>
        Assert.Equal("/test/1", Show.Bind("", tree, _namer));

    [Theory]
    [InlineData("/down & /slow")]
    [InlineData("/slow & /down")]
    [InlineData("/down & /out")]
    public void Row27_without_an_answer_the_first_failure_counts(string tree) =>
        Assert.Equal("failed: down", Show.Bind("", tree, _namer));

    [Fact]
    public void Row31_depth_is_bounded() =>
        Assert.StartsWith(
            "failed: Max recursion level: 2 ",
            Show.Bind("/s => /s/srv", "/s/foo/bar", limits: new BindLimits { MaxDepth = 2 })
        );

    [Fact]
    public void Row32_a_cycle_ends_at_depth_100() =>
        Assert.StartsWith(
            "failed: Max recursion level: 100 ",
            Show.Bind("/foo/bar => /bar/foo; /bar/foo => /foo/bar", "/foo/bar")
        );

    [Fact]
    public void Row33_an_empty_table_is_neg() => Assert.Equal("~", Show.Bind("", "/s/foo"));

    [Fact]
    public void Row34_the_later_table_wins()
    {
        var dtab = Dtab.Parse("/s/foo=>/$/inet/1234").Concat(Dtab.Parse("/s/foo=>/$/inet/5678"));
        Assert.Equal("/$/inet/5678", Show.Bind(dtab.Show(), "/s/foo"));
    }

    [Fact]
    public void Row35_inet_with_a_port_alone_is_local()
    {
        Assert.Equal("/$/inet/1234 [/foobar]", Show.Bind("", "/$/inet/1234/foobar"));
        Assert.True(InetEndpoints.TryParse(Path.Parse("/$/inet/1234"), out var host, out var port));
        Assert.Equal(("127.0.0.1", 1234), (host, port));
    }

    [Fact]
    public void Row36_inet_with_host_and_port()
    {
        Assert.Equal("/$/inet/127.0.0.1/1234", Show.Bind("", "/$/inet/127.0.0.1/1234"));
        Assert.True(InetEndpoints.TryParse(Path.Parse("/$/inet/127.0.0.1/1234"), out var host, out var port));
        Assert.Equal(("127.0.0.1", 1234), (host, port));
    }

    [Fact]
    public void Row37_inet_alone_failed_rather_than_neg() =>
        Assert.StartsWith("failed: /$/inet", Show.Bind("", "/$/inet | /test/1", _namer));

    [Fact]
    public void Row38_fail_and_nil_ignore_what_follows()
    {
        Assert.Equal("!", Show.Bind("", "/$/fail/foo/bar"));
        Assert.Equal("$", Show.Bind("", "/$/nil/foo/bar"));
    }

    /// <summary>
    /// Row 39 watches a table that arrives late. A table is a value here: before it is known there is nothing to bind with,
    /// and pending is the answer of whoever holds the watch. The two states with a table are the binder's.
    /// </summary>
    [Fact]
    public void Row39_a_request_table_leads_into_the_configured_one()
    {
        var namer = new ScriptedNamer().Bind("/#inet/127.1/8080");
        var local = Dtab.Parse("/foo => /bar");
        var configured = Dtab.Parse("/bar => /#inet/127.1/8080");
        Assert.Equal("/#inet/127.1/8080 [/fah]", Show.Bind(configured.Concat(local).Show(), "/foo/fah", namer));
        Assert.Equal("~", Show.Bind(local.Show(), "/foo/fah", namer));
    }

    /// <summary>
    /// Row 53 is about the default (flag on: an empty member keeps its share, and that share of the requests fails). The
    /// bound tree keeps it. The flag that drops it is not offered: fallback below a union is written as an alternative.
    /// </summary>
    [Fact]
    public void Row53_an_empty_member_keeps_its_share() =>
        Assert.Equal("0.5 * $ & 0.5 * /test/1", Show.Bind("", ".5 * $ & .5 * /test/1", _namer));

    [Theory]
    [InlineData("/down | /test/1", "failed: down")]
    [InlineData("/slow | /test/1", "pending")]
    [InlineData("~ | /down | /test/1", "failed: down")]
    public void Row55_alternatives_do_not_fall_through_on_failed_or_pending(string tree, string expected)
    {
        Assert.Equal(expected, Show.Bind("", tree, _namer));
        Assert.DoesNotContain("/test/1", _namer.Asked);
    }
}
