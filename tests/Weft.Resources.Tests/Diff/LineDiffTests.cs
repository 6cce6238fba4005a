namespace Weft.Resources.Tests.Diff;

public sealed class LineDiffTests
{
    private static string Show(string before, string after) =>
        string.Join(
            ' ',
            LineDiff
                .Compare(before, after)
                .Select(l =>
                    (
                        l.Change == LineChange.Added ? "+"
                        : l.Change == LineChange.Removed ? "-"
                        : ""
                    ) + l.Text
                )
        );

    [Theory]
    [InlineData("", "", "")]
    [InlineData("a\nb\n", "a\nb\n", "a b")]
    [InlineData("a\nb\n", "a\r\nb", "a b")]
    [InlineData("", "a\nb\n", "+a +b")]
    [InlineData("a\nb\n", "", "-a -b")]
    [InlineData("a\nb\nc\n", "a\nx\nc\n", "a -b +x c")]
    [InlineData("a\nb\nc\nd\n", "b\nc\nd\ne\n", "-a b c d +e")]
    [InlineData("a\na\n", "a\na\na\n", "a a +a")]
    public void lines_are_kept_removed_or_added(string before, string after, string expected) =>
        Assert.Equal(expected, Show(before, after));

    [Fact]
    public void the_lines_of_both_texts_are_there_and_no_shorter_comparison_exists()
    {
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var (before, after) = (Letters(random), Letters(random));
            var lines = LineDiff.Compare(string.Join('\n', before), string.Join('\n', after));
            Assert.Equal(before, lines.Where(l => l.Change != LineChange.Added).Select(l => l.Text));
            Assert.Equal(after, lines.Where(l => l.Change != LineChange.Removed).Select(l => l.Text));
            Assert.Equal(Common(before, after), lines.Count(l => l.Change == LineChange.Kept));
        }
    }

    [Fact]
    public void texts_with_little_in_common_are_replaced_whole()
    {
        var before = string.Join('\n', Enumerable.Range(0, 5000));
        var after = string.Join('\n', Enumerable.Range(10_000, 5000));
        Assert.Equal(10_000, LineDiff.Compare(before, after).Count);
    }

    private static string[] Letters(Random random) =>
        [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => $"{(char)('a' + random.Next(4))}")];

    private static int Common(string[] a, string[] b)
    {
        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                table[i, j] =
                    a[i - 1] == b[j - 1] ? table[i - 1, j - 1] + 1 : Math.Max(table[i - 1, j], table[i, j - 1]);
            }
        }

        return table[a.Length, b.Length];
    }
}
