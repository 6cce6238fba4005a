using Weft.Naming.Tests.Support;

namespace Weft.Naming.Tests.Vectors;

/// <summary>Vectors of delegation. The number in a name is the row in the table of vectors.</summary>
public sealed class DelegateVectors
{
    [Fact]
    public void Row43_alternatives_of_several_entries_are_one_list() =>
        Assert.Equal(
            "delegate /boo/lol [alt /foo/lol (/boo => /foo) ["
                + "neg /bar/lol (/foo => /bar), "
                + "neg /bah/lol (/foo => /bah | /$/fail), "
                + "fail /$/fail/lol (/foo => /bah | /$/fail)]]",
            Show.Delegate("/bah/humbug=>/$/inet/127.1/8080; /foo=>/bah|/$/fail; /foo=>/bar; /boo=>/foo", "/boo/lol")
        );

    [Fact]
    public void Row45_a_literal_neg_is_a_step() =>
        Assert.Equal("delegate /neg [neg /neg (/neg => ~)]", Show.Delegate("/neg => ~", "/neg"));

    [Fact]
    public void Row45_a_failed_namer_is_an_error_step() =>
        Assert.Equal(
            "delegate /beh/humbug [error /#/error/humbug (/beh => /#/error) 'down']",
            Show.Delegate(
                "/beh=>/#/error",
                "/beh/humbug",
                new ScriptedNamer { ["/#/error"] = new NameState.Failed("down") }
            )
        );

    [Fact]
    public void A_union_shows_its_weights_and_leaves_their_concrete_names() =>
        Assert.Equal(
            "union /svc/x ["
                + "0.9 * leaf /#/f/v1/x (/svc => 0.9 * /#/f/v1 & 0.1 * (/no | $)) -> /#/f/v1 [/x], "
                + "0.1 * alt /svc/x (/svc => 0.9 * /#/f/v1 & 0.1 * (/no | $)) ["
                + "neg /no/x (/svc => 0.9 * /#/f/v1 & 0.1 * (/no | $)), "
                + "empty /svc/x (/svc => 0.9 * /#/f/v1 & 0.1 * (/no | $))]]",
            Show.Delegate("/svc => 0.9 * /#/f/v1 & 0.1 * (/no | $)", "/svc/x", new ScriptedNamer().Bind("/#/f/v1"))
        );

    [Fact]
    public void Alternatives_that_binding_does_not_reach_are_followed_and_said_to_be_unused() =>
        Assert.Equal(
            "alt /a [neg /x (/a => /x), leaf /$/inet/1 (/a => /$/inet/1) -> /$/inet/1, "
                + "unused neg /y (/a => /y), unused fail /a (/a => !)]",
            Show.Delegate("/a => !; /a => /y; /a => /$/inet/1; /a => /x", "/a")
        );

    [Fact]
    public void A_sole_neg_does_not_block_a_built_in() =>
        Assert.Equal(
            "alt /$/inet/80 [neg /$/inet/80 (/$/inet => ~), leaf /$/inet/80 -> /$/inet/80]",
            Show.Delegate("/$/inet => ~", "/$/inet/80")
        );

    [Fact]
    public void A_rewriter_is_a_step_without_an_entry() =>
        Assert.Equal(
            "delegate /$/anyHost/h/b [delegate /b [empty /b (/b => $)]]",
            Show.Delegate("/b => $", "/$/anyHost/h/b")
        );

    [Fact]
    public void What_is_not_known_yet_is_pending() =>
        Assert.Equal(
            "pending /#/x",
            Show.Delegate("", "/#/x", new ScriptedNamer { ["/#/x"] = NameState.Pending.Instance })
        );

    [Fact]
    public void A_namer_may_answer_a_tree() =>
        Assert.Equal(
            "union /#/x [1 * leaf /#/x -> /#/x/1, 3 * leaf /#/x -> /#/x/2]",
            Show.Delegate(
                "",
                "/#/x",
                new ScriptedNamer
                {
                    ["/#/x"] = new NameState.Ok(
                        NameTree.Parse("~ | /#/x/1 & 3 * /#/x/2").Map(id => new BoundName(id, Path.Root))
                    ),
                }
            )
        );

    [Fact]
    public void A_cycle_ends_in_an_error_step()
    {
        var limits = new BindLimits { MaxDepth = 2 };
        Assert.Equal(
            "delegate /a [delegate /a (/a => /a) [error /a (/a => /a) 'Max recursion level: 2 reached']]",
            Show.Delegate("/a => /a", "/a", limits: limits)
        );
    }
}
