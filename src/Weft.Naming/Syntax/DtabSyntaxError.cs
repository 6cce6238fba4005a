using System.Text;

namespace Weft.Naming;

/// <summary>Where and why a path, prefix, name tree or dtab does not parse.</summary>
/// <param name="Offset">0-based, in chars.</param>
/// <param name="Line">1-based.</param>
/// <param name="Column">1-based, in chars.</param>
/// <param name="Message">What is wrong there.</param>
/// <param name="Expected">What could have stood there.</param>
public sealed record DtabSyntaxError(int Offset, int Line, int Column, string Message, string Expected)
{
    /// <summary>How much of a long line is shown on each side of the spot, in chars.</summary>
    private const int Around = 40;

    /// <summary>The line with the offending char in brackets, <c>/foo[^]bar</c>; empty brackets at its end.</summary>
    public string Marked { get; private init; } = "";

    /// <summary>The line, and below it a caret under the offending char.</summary>
    public string Caret { get; private init; } = "";

    internal static DtabSyntaxError At(string text, int offset, string message, string expected)
    {
        var before = text.AsSpan(0, offset);
        var lineStart = before.LastIndexOf('\n') + 1;
        var line = before.Count('\n') + 1;
        var rest = text.AsSpan(offset).IndexOf('\n');
        var lineEnd = rest < 0 ? text.Length : offset + rest;

        var from = Math.Max(lineStart, offset - Around);
        var to = Math.Min(lineEnd, offset + 1 + Around);
        var left = (from > lineStart ? "…" : "") + Printable(text.AsSpan(from, offset - from));
        var right = Printable(text.AsSpan(offset, to - offset)) + (to < lineEnd ? "…" : "");
        return new DtabSyntaxError(offset, line, offset - lineStart + 1, message, expected)
        {
            Marked = right.Length == 0 ? $"{left}[]" : $"{left}[{right[0]}]{right[1..]}",
            Caret = $"{left}{right}\n{new string(' ', left.Length)}^",
        };
    }

    /// <summary>As a problem of the document that holds the text.</summary>
    /// <param name="file">The document's name.</param>
    /// <param name="line">The 1-based line of the document on which the text begins.</param>
    /// <param name="column">The 1-based column at which the text begins on that line.</param>
    /// <param name="indent">How far every later line of the text is indented in the document, in chars.</param>
    public Problem ToProblem(string file, int line = 1, int column = 1, int indent = 0) =>
        new(
            file,
            line + Line - 1,
            Line == 1 ? column + Column - 1 : indent + Column,
            $"{Message} at '{Marked}'",
            $"expected {Expected}"
        );

    public override string ToString() => $"{Message} at '{Marked}': expected {Expected}";

    // The text may come from a client and ends up in logs: one char stays one char, so that the caret fits.
    private static string Printable(ReadOnlySpan<char> text)
    {
        var printable = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            printable.Append(char.IsControl(c) ? ' ' : c);
        }

        return printable.ToString();
    }
}
