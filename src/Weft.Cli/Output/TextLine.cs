namespace Weft.Cli.Output;

/// <summary>One line for people. What stands in it may be others' words: it is made <see cref="Printable"/>.</summary>
internal static class TextLine
{
    public static void Write(TextWriter output, string text) => output.WriteLine(Printable.Line(text));

    /// <summary>With a colour, where it goes to a terminal.</summary>
    public static void Write(TextWriter output, bool isStyled, string text, Tone tone)
    {
        if (isStyled)
        {
            TerminalTable.WriteLine(output, Printable.Line(text), tone);
        }
        else
        {
            Write(output, text);
        }
    }
}
