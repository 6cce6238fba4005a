using System.Text;

namespace Weft.Naming.Tests.Trees;

public sealed class NameTreeTextTests
{
    [Theory]
    [InlineData("/a|/b|/c", "/a | /b | /c")]
    [InlineData("/a | (/b | /c)", "/a | (/b | /c)")]
    [InlineData("(/a & /b) | /c", "/a & /b | /c")]
    [InlineData("/a & (/b | /c)", "/a & (/b | /c)")]
    [InlineData("/a & (/b & /c)", "/a & (/b & /c)")]
    [InlineData("((/a))", "/a")]
    [InlineData("5 * /a", "/a")]
    [InlineData("5 * (2 * /a)", "/a")]
    [InlineData("1 * /a & 1.0 * /b & 2. * /c & 00.50 * /d", "/a & /b & 2 * /c & 0.5 * /d")]
    [InlineData("0 * ! & 0.3*$ & .3 * ~", "0 * ! & 0.3 * $ & 0.3 * ~")]
    [InlineData(@"/\x2f/a\x20b/\xFF", @"/\x2f/\x61\x20\x62/\xff")]
    public void The_normal_form_has_parentheses_and_weights_where_needed(string text, string normal)
    {
        var tree = NameTree.Parse(text);
        Assert.Equal(normal, tree.ToString());
        Assert.Equal(tree, NameTree.Parse(normal));
    }

    [Theory]
    [InlineData(1e300)]
    [InlineData(1.5e-300)]
    [InlineData(double.Epsilon)]
    [InlineData(double.MaxValue)]
    [InlineData(123456789012345680000.0)]
    [InlineData(1e15)]
    [InlineData(0.1)]
    [InlineData(1.0 / 3)]
    [InlineData(0.00001)]
    [InlineData(1234567.125)]
    public void A_weight_prints_without_exponent_and_parses_to_itself(double weight)
    {
        var text = NameTreeText.AppendWeight(new StringBuilder(), weight).ToString();
        Assert.Matches("^[0-9]+([.][0-9]+)?$", text);
        var union = Assert.IsType<NameTree<Path>.Union>(NameTree.Parse($"{text} * /a & /b"));
        Assert.Equal(weight, union.Members[0].Weight);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_weight_is_finite_and_not_negative(double weight) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Weighted<Path>(weight, NameTree<Path>.Neg.Instance));

    [Fact]
    public void Negative_zero_is_zero() =>
        Assert.Equal(
            "0 * ~ & ~",
            new NameTree<Path>.Union([
                new Weighted<Path>(-0.0, NameTree<Path>.Neg.Instance),
                new Weighted<Path>(1, NameTree<Path>.Neg.Instance),
            ]).ToString()
        );

    [Fact]
    public void A_tree_of_nothing_prints_as_what_it_means()
    {
        Assert.Equal("~", new NameTree<Path>.Alt([]).ToString());
        Assert.Equal("~", new NameTree<Path>.Union([]).ToString());
    }

    [Fact]
    public void Trees_are_equal_by_their_contents()
    {
        const string text = "/a | 0.5 * /b & (~ | !) | $";
        Assert.Equal(NameTree.Parse(text), NameTree.Parse(text));
        Assert.Equal(NameTree.Parse(text).GetHashCode(), NameTree.Parse(text).GetHashCode());
        Assert.NotEqual(NameTree.Parse("/a & /b"), NameTree.Parse("2 * /a & /b"));
        Assert.NotEqual(NameTree.Parse("/a | /b"), NameTree.Parse("/b | /a"));
    }
}
