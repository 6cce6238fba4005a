namespace Weft.Naming.Tests.Vectors;

/// <summary>Vectors of one lookup and of evaluation. The number in a name is the row in the table of vectors.</summary>
public sealed class LookupVectors
{
    [Fact]
    public void Row11_a_wildcard_matches_one_label() => Assert.Equal("/d/e/f", Lookup("/a/*/c => /d", "/a/b/c/e/f"));

    [Theory]
    [InlineData("~")] // row 12
    [InlineData("~ & ~ & (~ | ~)")] // row 15
    [InlineData("! | /ok")] // row 20
    [InlineData("! & ! & !")] // row 20
    public void Rows12_15_20_evaluate_to_none(string tree) => Assert.Null(NameTree.Parse(tree).Evaluate());

    [Fact]
    public void Row16_the_first_that_is_not_neg_is_taken() =>
        Assert.Equal([Path.Of("foo")], NameTree.Parse("~ | /foo | /bar").Evaluate()!);

    [Fact]
    public void Empty_evaluates_to_no_leaves_rather_than_none() =>
        Assert.Empty(NameTree.Parse("~ | $ | /bar").Evaluate()!);

    [Fact]
    public void A_union_evaluates_to_the_leaves_of_all_members() =>
        Assert.Equal(2, NameTree.Parse("/foo & ~ & (! & (~ | /bar))").Evaluate()!.Count);

    [Fact]
    public void Row40_labels_match_whole()
    {
        Assert.Equal("/s#/foo/bar/crawler", Lookup("/s => /s#/foo/bar", "/s/crawler"));
        Assert.False(Prefix.Parse("/s").Matches(Path.Parse("/s#/foo")));
    }

    [Fact]
    public void No_match_is_neg() => Assert.Equal("~", Lookup("/a => /b", "/c"));

    [Fact]
    public void A_prefix_longer_than_the_path_does_not_match() => Assert.Equal("~", Lookup("/a/b => /c", "/a"));

    [Fact]
    public void Several_matches_are_alternatives_last_entry_first() =>
        Assert.Equal("/3/x | (/2/x | !) | /1/a/x", Lookup("/ => /1; /a => /2 | !; /b => /no; /a => /3", "/a/x"));

    [Fact]
    public void The_rest_of_the_path_follows_every_leaf() =>
        Assert.Equal("0.1 * /b/x/y & (/c/x/y | ~)", Lookup("/a => 0.1 * /b & (/c | ~)", "/a/x/y"));

    private static string Lookup(string dtab, string path) => Dtab.Parse(dtab).Lookup(Path.Parse(path)).ToString();
}
