using System.Text;

namespace Weft.Cli.Output;

/// <summary>How something is meant, which a terminal shows as a colour.</summary>
internal enum Tone
{
    Plain,
    Good,
    Warning,
    Bad,
    Faint,
}

/// <summary>One cell of a table.</summary>
internal readonly record struct Cell(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Cell(string text) => new(text);
}

/// <summary>A column: its title, and whether it holds numbers, which stand at the right.</summary>
internal readonly record struct Column(string Title, bool IsNumeric = false);

/// <summary>
/// Rows in aligned columns, plain with two spaces between columns, or coloured for a terminal. A table whose columns have
/// no titles has no row of titles. What stands in the cells may be others' words: it is made <see cref="Printable"/>.
/// </summary>
internal sealed class TextTable(params Column[] columns)
{
    private const int Gap = 2;

    private readonly List<Cell[]> _rows = [];

    public IReadOnlyList<Column> Columns => columns;

    public IReadOnlyList<Cell[]> Rows => _rows;

    public bool HasTitles => Array.Exists(columns, c => c.Title.Length > 0);

    public void Add(params Cell[] cells)
    {
        if (cells.Length != columns.Length)
        {
            throw new ArgumentException($"{cells.Length} cells for {columns.Length} columns", nameof(cells));
        }

        _rows.Add([.. cells.Select(c => c with { Text = Printable.Line(c.Text) })]);
    }

    public void Write(TextWriter output, bool isStyled)
    {
        if (isStyled)
        {
            TerminalTable.Write(output, this);
            return;
        }

        var widths = columns.Select((c, i) => Math.Max(c.Title.Length, _rows.Max(r => (int?)r[i].Text.Length) ?? 0));
        int[] width = [.. widths];
        if (HasTitles)
        {
            WriteRow(output, [.. columns.Select(c => (Cell)c.Title)], width);
        }

        foreach (var row in _rows)
        {
            WriteRow(output, row, width);
        }
    }

    private void WriteRow(TextWriter output, Cell[] row, int[] widths)
    {
        var line = new StringBuilder();
        for (var i = 0; i < row.Length; i++)
        {
            var text = row[i].Text;
            line.Append(columns[i].IsNumeric ? text.PadLeft(widths[i]) : text.PadRight(widths[i])).Append(' ', Gap);
        }

        output.WriteLine(line.ToString().TrimEnd(' '));
    }
}
