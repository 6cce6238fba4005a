using Weft.Naming.Tests.Support;

namespace Weft.Naming.Tests.Binding;

public sealed class BinderTests
{
    private readonly ScriptedNamer _namer = new ScriptedNamer().Bind("/x", "/y", "/z");

    [Theory]
    [InlineData("0.5 * /x & 0.5 * ~", "/x")]
    [InlineData("0.5 * /x & 0.5 * !", "/x")]
    [InlineData("~ & !", "~")]
    [InlineData("2 * /x & /no & 3 * /y", "2 * /x & 3 * /y")]
    [InlineData("/x & (/no | /y)", "/x & /y")]
    [InlineData("/x & 2 * (/y & /z)", "/x & 2 * (/y & /z)")]
    [InlineData("/x & 2 * (/y & ~)", "/x & 2 * /y")]
    [InlineData("$ & ~", "$")]
    [InlineData("! & ~ | /x", "/x")]
    public void A_union_keeps_what_exists(string tree, string bound) =>
        Assert.Equal(bound, Show.Bind("", tree, _namer));

    [Theory]
    [InlineData("/x & 0 * $", "/x")]
    [InlineData("0 * /x & 1 * $", "0 * /x & $")]
    [InlineData("0 * $ & 0 * $ | /x", "$")]
    [InlineData("0 * /x & /y", "0 * /x & /y")]
    public void A_member_without_endpoints_and_without_a_share_is_dropped(string tree, string bound) =>
        Assert.Equal(bound, Show.Bind("", tree, _namer));

    [Fact]
    public void An_answer_of_neg_counts_as_an_answer_beside_pending()
    {
        _namer["/slow"] = NameState.Pending.Instance;
        Assert.Equal("~", Show.Bind("", "/no & /slow", _namer));
    }

    [Fact]
    public void The_table_comes_before_namers_and_built_ins()
    {
        Assert.Equal("!", Show.Bind("/x => !", "/x", _namer));
        Assert.Equal("/y", Show.Bind("/$/inet => /y", "/$/inet", _namer));
        Assert.Equal("/y [/80]", Show.Bind("/$/inet => /y", "/$/inet/80", _namer));
        Assert.Equal("!", Show.Bind("/$/inet => !", "/$/inet/80", _namer));
    }

    [Fact]
    public void A_sole_neg_in_the_table_is_no_match()
    {
        Assert.Equal("/$/inet/80", Show.Bind("/$/inet => ~", "/$/inet/80", _namer));
        Assert.Equal("~", Show.Bind("/$/inet => ~; /$/inet => ~", "/$/inet/80", _namer));
    }

    [Fact]
    public void Neg_falls_through_to_earlier_entries_and_fail_does_not()
    {
        Assert.Equal("/x", Show.Bind("/s => /x; /s => /no", "/s", _namer));
        Assert.Equal("!", Show.Bind("/s => /x; /s => !", "/s", _namer));
    }

    [Fact]
    public void What_a_namer_answers_is_simplified()
    {
        _namer["/alt"] = new NameState.Ok(
            NameTree.Parse("~ | 0.5 * /v1 & 0.5 * ! | /v2").Map(id => new BoundName(id, Path.Root))
        );
        Assert.Equal("/v1", Show.Bind("", "/alt", _namer));
    }

    [Fact]
    public void A_composite_asks_each_namer_below_its_prefix_until_one_knows()
    {
        var first = new ScriptedNamer().Bind("/#/a/one");
        var second = new ScriptedNamer().Bind("/#/a");
        var other = new ScriptedNamer();
        var all = new CompositeNamer([
            (Path.Parse("/#/b"), other),
            (Path.Parse("/#/a"), first),
            (Path.Parse("/#/a"), second),
        ]);
        Assert.Equal("/#/a/one", Show.Bind("", "/#/a/one", all));
        Assert.Equal("/#/a [/two]", Show.Bind("", "/#/a/two", all));
        Assert.Equal("~", Show.Bind("", "/#/c", all));
        Assert.Empty(other.Asked);
    }

    [Fact]
    public void A_composite_does_not_pass_over_pending()
    {
        var slow = new ScriptedNamer { ["/#/a"] = NameState.Pending.Instance };
        var second = new ScriptedNamer().Bind("/#/a");
        var all = new CompositeNamer([(Path.Parse("/#/a"), slow), (Path.Parse("/#/a"), second)]);
        Assert.Equal("pending", Show.Bind("", "/#/a/x", all));
        Assert.Empty(second.Asked);
    }

    [Theory]
    [InlineData("/a => /a & /a")]
    [InlineData("/a => /a | /a & /a; /a => /a & /a")]
    [InlineData("/ => / & / & /")]
    public void A_table_that_branches_without_end_fails_soon(string dtab)
    {
        Assert.StartsWith("failed: gave up: the name branches", Show.Bind(dtab, "/a"));
        Assert.Contains("gave up: the name branches", Show.Delegate(dtab, "/a"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bound_name_hides_no_member_that_was_not_looked_at()
    {
        var limits = new BindLimits { MaxNodes = 4 };
        Assert.StartsWith("failed: gave up", Show.Bind("", "/x & /y & /z & /x", _namer, limits));
        Assert.Equal("/x & /y & /z", Show.Bind("", "/x & /y & /z", _namer, limits));
    }

    [Fact]
    public void A_path_that_grows_spends_the_bound_faster()
    {
        var growing = string.Concat(Enumerable.Repeat("/x", 10_000));
        Assert.StartsWith("failed: gave up", Show.Bind($"/a => /a{growing}", "/a"));
    }

    [Fact]
    public void The_bounds_fit_a_small_stack()
    {
        var nested = "/a";
        for (var i = 0; i < SyntaxLimits.MaxNesting; i++)
        {
            nested = i % 2 == 0 ? $"(~ | {nested})" : $"(~ & {nested})";
        }

        var bound = "";
        var delegated = "";
        var thread = new Thread(
            () =>
            {
                bound = Show.Bind($"/a => {nested}", "/a");
                delegated = Delegator.Delegate(Dtab.Parse($"/a => {nested}"), Path.Of("a"), CompositeNamer.Empty).Type;
            },
            maxStackSize: 512 * 1024
        );
        thread.Start();
        thread.Join();
        Assert.StartsWith("failed: gave up: alternatives and unions are nested", bound);
        Assert.Equal("union", delegated);
    }

    [Theory]
    [InlineData("/a => /a", "/a", "Max recursion level: 100 reached at /a")]
    [InlineData("/a => /b ; /b => /a | /$/fail", "/a", "Max recursion level: 100 reached at /a")]
    [InlineData("/a => /a & /a", "/a", "gave up: the name branches into more than 10000 names at /a")]
    [InlineData("/a => /a & /$/nil", "/a", null)]
    [InlineData("/a => ! | /a", "/a", null)]
    [InlineData("/a => /$/inet/nonsense", "/a", null)]
    public void A_name_that_only_a_bound_ends_has_been_given_up(string dtab, string path, string? why)
    {
        var nodes = 0;
        var isGivenUp = Binder.GivesUp(
            Dtab.Parse(dtab),
            Path.Parse(path),
            CompositeNamer.Empty,
            ref nodes,
            out var said
        );
        Assert.Equal((why is not null, why), (isGivenUp, said));
        Assert.NotEqual(0, nodes);
    }
}
