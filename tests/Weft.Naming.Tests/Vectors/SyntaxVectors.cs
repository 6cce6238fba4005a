namespace Weft.Naming.Tests.Vectors;

/// <summary>Finagle's vectors of the grammar. The number in a name is the row in the table of vectors.</summary>
public sealed class SyntaxVectors
{
    [Theory]
    [InlineData("/", "/")]
    [InlineData(" /foo/bar ", "/foo/bar")]
    [InlineData(@"/\x66\x6f\x6F", "/foo")]
    public void Row01_paths_parse(string text, string expected) => Assert.Equal(expected, Path.Parse(text).ToString());

    [Theory]
    [InlineData("", "[]", 0)]
    [InlineData("/foo/bar/", "/foo/bar/[]", 9)]
    [InlineData("/{}", "/[{]}", 1)]
    [InlineData(@"/\?", @"/\[?]", 2)]
    [InlineData(@"/\x0?", @"/\x0[?]", 4)]
    [InlineData("/foo^bar", "/foo[^]bar", 4)]
    public void Row02_path_errors_mark_the_spot(string text, string marked, int offset)
    {
        Assert.False(Path.TryParse(text, out _, out var error));
        Assert.Equal(marked, error.Marked);
        Assert.Equal(offset, error.Offset);
        Assert.Contains(marked, Assert.Throws<DtabSyntaxException>(() => Path.Parse(text)).Message);
    }

    [Fact]
    public void Row03_alternatives_of_fail_neg_and_empty() =>
        Assert.Equal(
            new NameTree<Path>.Alt([
                NameTree<Path>.Fail.Instance,
                NameTree<Path>.Neg.Instance,
                NameTree<Path>.Empty.Instance,
            ]),
            NameTree.Parse("! | ~ | $")
        );

    [Fact]
    public void Row04_union_binds_tighter_than_alternatives() =>
        Assert.Equal(
            new NameTree<Path>.Alt([
                Union((1, Leaf("foo")), (1, Leaf("bar"))),
                Union((1, Leaf("bar")), (1, Leaf("baz"))),
            ]),
            NameTree.Parse("/foo & /bar | /bar & /baz")
        );

    [Fact]
    public void Row05_weights() =>
        Assert.Equal(
            new NameTree<Path>.Alt([
                Union((1, Leaf("foo")), (2, Leaf("bar"))),
                Union((.5, Leaf("bar")), (.5, Leaf("baz"))),
            ]),
            NameTree.Parse("1 * /foo & 2 * /bar | .5 * /bar & .5 * /baz")
        );

    [Theory]
    [InlineData("", 0)]
    [InlineData("#", 1)]
    [InlineData("/foo &", 6)]
    [InlineData("/foo & 0.1.2 * /bar", 10)]
    [InlineData("/foo & . * /bar", 8)]
    public void Row06_tree_errors(string text, int offset)
    {
        Assert.False(NameTree.TryParse(text, out _, out var error));
        Assert.Equal(offset, error.Offset);
    }

    [Fact]
    public void Row07_the_empty_prefix_and_a_wildcard()
    {
        Assert.Equal(new Dentry(Prefix.Root, NameTree<Path>.Fail.Instance), Dentry.Parse("/=>!"));
        Assert.Equal(
            new Dentry(new Prefix(["foo", null, "bar"]), NameTree<Path>.Fail.Instance),
            Dentry.Parse("/foo/*/bar => !")
        );
    }

    [Theory]
    [InlineData("/foo/*bar/baz => !", "/foo/*[b]ar/baz => !")]
    [InlineData("/&!", "/[&]!")]
    public void Row08_dentry_errors(string text, string marked) =>
        Assert.Equal(marked, Assert.Throws<DtabSyntaxException>(() => Dentry.Parse(text)).Error.Marked);

    [Fact]
    public void Row09_comments_stand_where_space_may() =>
        Assert.Equal(
            "/#foo => /biz | /bliz & /bluth",
            Dtab.Parse("/#foo => /biz # c\n | ( /bliz & # c\n /bluth ) ; #x\n #/ignore=>/me;").Show()
        );

    [Fact]
    public void Row10_the_last_semicolon_is_optional()
    {
        var dtab = Dtab.Parse("/b => /c; /a => /b;");
        Assert.Equal(2, dtab.Length);
        Assert.Equal(dtab, Dtab.Parse("/b => /c; /a => /b"));
    }

    /// <summary>
    /// Row 57 is a flaw of Finagle's: it prints weights with two decimals, so that a 0.1 % canary is lost. Ours are exact.
    /// </summary>
    [Fact]
    public void Row57_small_weights_survive_printing()
    {
        var tree = NameTree.Parse("0.001*/a & 0.999*/b");
        Assert.Equal("0.001 * /a & 0.999 * /b", tree.ToString());
        Assert.Equal(tree, NameTree.Parse(tree.ToString()));
    }

    private static NameTree<Path>.Leaf Leaf(string label) => new(Path.Of(label));

    private static NameTree<Path>.Union Union(params (double Weight, NameTree<Path> Tree)[] members) =>
        new([.. members.Select(m => new Weighted<Path>(m.Weight, m.Tree))]);
}
