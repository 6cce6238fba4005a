using Weft.Cli.Output;

namespace Weft.Cli.Tests.Output;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("books-v1 \u00fc \u4e66 \ud83d\udcda", "books-v1 \u00fc \u4e66 \ud83d\udcda")]
    [InlineData("a\u001b[2Jb", "a [2Jb")]
    [InlineData("a\u009b2Jb\u007f", "a 2Jb ")]
    [InlineData("a\r\nb\u2028c\u2029d", "a  b c d")]
    [InlineData("a\u202eb\u2066c\ufeff", "a b c ")]
    [InlineData("a\tb", "a\tb")]
    [InlineData("", "")]
    public void What_a_terminal_would_obey_is_a_space(string text, string shown) =>
        Assert.Equal(shown, Printable.Line(text));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Cells_of_a_table_cannot_command_a_terminal(bool isStyled)
    {
        using var output = new StringWriter();
        var table = new TextTable(new Column("NAME"));
        table.Add(new Cell("a\u001b[2Jb", Tone.Bad));
        table.Write(output, isStyled);

        Assert.Contains("a [2Jb", output.ToString());
        Assert.DoesNotContain("\u001b[2J", output.ToString());
    }
}
