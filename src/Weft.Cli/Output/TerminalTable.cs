using Spectre.Console;

namespace Weft.Cli.Output;

/// <summary>A table on a terminal: with colours, and cells that wrap when the terminal is narrow.</summary>
internal static class TerminalTable
{
    public static void Write(TextWriter output, TextTable source) => Terminal(output).Write(Of(source));

    /// <summary>The table, to be drawn with other things.</summary>
    public static Table Of(TextTable source)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = source.HasTitles };
        for (var i = 0; i < source.Columns.Count; i++)
        {
            var (title, isNumeric) = source.Columns[i];
            var column = new TableColumn(new Text(title, Of(Tone.Faint))) { Padding = new Padding(0, 0, 2, 0) };
            column.Alignment = isNumeric ? Justify.Right : Justify.Left;
            column.NoWrap = isNumeric;
            table.AddColumn(column);
        }

        foreach (var row in source.Rows)
        {
            table.AddRow(row.Select(cell => new Text(cell.Text, Of(cell.Tone))));
        }

        return table;
    }

    /// <summary>One line with a colour.</summary>
    public static void WriteLine(TextWriter output, string text, Tone tone)
    {
        var terminal = Terminal(output);
        terminal.Write(new Text(text, Of(tone)));
        terminal.WriteLine();
    }

    private static IAnsiConsole Terminal(TextWriter output) =>
        AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                ColorSystem = ColorSystemSupport.Standard,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(output),
            }
        );

    private static Style Of(Tone tone) =>
        tone switch
        {
            Tone.Good => new Style(Color.Green),
            Tone.Warning => new Style(Color.Olive),
            Tone.Bad => new Style(Color.Maroon),
            Tone.Faint => new Style(Color.Grey),
            _ => Style.Plain,
        };
}
