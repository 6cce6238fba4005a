namespace Weft.Resources.Tests.Documents;

public sealed class ExpressionSizeTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("a{3}", 3)]
    [InlineData("a{2,5}b", 6)]
    [InlineData("a{4,}", 4)]
    [InlineData("a{0}", 1)]
    [InlineData("(ab){10}", 20)]
    [InlineData("(a{100}){100}", 10_000)]
    [InlineData("(a{100} ){100}", 10_000)]
    [InlineData("[a-z]{8}", 8)]
    [InlineData("[]a{9}]b", 2)]
    [InlineData("[^]{9}]{2}", 2)]
    [InlineData("[a-z-[aeiou]]{3}", 3)]
    [InlineData(@"\p{Lu}{3}", 3)]
    [InlineData(@"\{9}", 3)]
    [InlineData(@"[\]{9}]{2}", 2)]
    [InlineData("{9}", 0)]
    [InlineData("a{x}", 4)]
    [InlineData("[", 1)]
    [InlineData("(", 0)]
    [InlineData(@"\", 1)]
    public void Counted_repetitions_are_written_out(string expression, int size) =>
        Assert.Equal(size, ExpressionSize.Estimate(expression));

    [Fact]
    public void Nesting_does_not_overflow() =>
        Assert.True(
            ExpressionSize.Estimate("((((((a{9999}){9999}){9999}){9999}){9999}){9999}){9999}") > ExpressionSize.Max
        );

    [Theory]
    [InlineData("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", true)]
    [InlineData("(a+)+b", true)]
    [InlineData("(?i:books)/v[0-9]{1,3}", true)]
    [InlineData("a{3000}", false)]
    [InlineData("(?=a)b", false)]
    [InlineData("a)(b", false)]
    public void Only_linear_expressions_of_bounded_size_are_read(string expression, bool isRead) =>
        Assert.Equal(isRead, LinearExpression.WhyNot(expression) is null);
}
