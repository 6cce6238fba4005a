namespace Weft.Naming.Tests.Properties;

public sealed class SyntaxProperties
{
    [Fact]
    public void A_path_prints_and_parses_to_itself() =>
        Generate.Check(Generate.Path, path => Assert.Equal(path, Path.Parse(path.ToString())));

    [Fact]
    public void A_prefix_prints_and_parses_to_itself() =>
        Generate.Check(Generate.Prefix, prefix => Assert.Equal(prefix, Prefix.Parse(prefix.ToString())));

    [Fact]
    public void A_tree_prints_and_parses_to_itself_weights_included() =>
        Generate.Check(Generate.Tree, tree => Assert.Equal(tree, NameTree.Parse(tree.ToString())));

    [Fact]
    public void A_table_prints_and_parses_to_itself_in_one_line_and_in_many() =>
        Generate.Check(
            Generate.Dtab,
            dtab =>
            {
                Assert.Equal(dtab, Dtab.Parse(dtab.Show()));
                Assert.Equal(dtab, Dtab.Parse(string.Join('\n', dtab.ShowLines())));
                Assert.Equal(dtab.GetHashCode(), Dtab.Parse(dtab.Show()).GetHashCode());
            }
        );

    [Fact]
    public void Any_text_is_a_table_or_an_error_with_a_place() =>
        Generate.Check(Generate.Text, TableOrError, runs: 2000);

    [Fact]
    public void A_mutated_table_is_a_table_or_an_error_with_a_place() =>
        Generate.Check(Generate.MutatedText, TableOrError, runs: 2000);

    private static void TableOrError(string text)
    {
        if (Dtab.TryParse(text, out var dtab, out var error))
        {
            Assert.Null(error);
            Assert.Equal(dtab, Dtab.Parse(dtab.Show()));
            return;
        }

        Assert.Null(dtab);
        Assert.InRange(error.Offset, 0, text.Length);
        Assert.Equal(
            text.Split('\n').Take(error.Line - 1).Sum(line => line.Length + 1) + error.Column - 1,
            error.Offset
        );
        Assert.NotEmpty(error.Expected);
        Assert.Contains('[', error.Marked);
    }
}
