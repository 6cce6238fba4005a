using System.Globalization;

namespace Weft.Cli.Output;

/// <summary>What others wrote, as a terminal may show it: ids, names, reasons and documents can hold characters that a terminal obeys.</summary>
internal static class Printable
{
    /// <summary>
    /// One line, in which a space stands for every character that moves the cursor, begins a command, or turns the direction of what follows. Tabs
    /// stay.
    /// </summary>
    public static string Line(string text) =>
        text.Any(IsObeyed) ? string.Concat(text.Select(c => IsObeyed(c) ? ' ' : c)) : text;

    /// <summary>Lines of which each is such a line.</summary>
    public static string Lines(string text) => string.Join('\n', text.Split('\n').Select(Line));

    /// <summary>Whether a terminal does what it says instead of showing it.</summary>
    public static bool IsObeyed(char c) =>
        c != '\t'
        && char.GetUnicodeCategory(c)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;
}
