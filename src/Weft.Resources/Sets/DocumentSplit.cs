namespace Weft.Resources;

/// <summary>One document of a text, as it was written.</summary>
/// <param name="Text">With its comments, without the line that separates it from the one before.</param>
/// <param name="Line">The line of the whole text that it begins in; 1-based.</param>
public sealed record DocumentText(string Text, int Line);

/// <summary>
/// Takes a text of several documents apart. A line that begins with <c>---</c> or <c>...</c> separates documents wherever it
/// stands: YAML allows neither within a value (YAML 1.2, 9.1.2).
/// </summary>
public static class DocumentSplit
{
    /// <summary>The documents of a text; those that hold nothing but comments are left out.</summary>
    public static IReadOnlyList<DocumentText> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var documents = new List<DocumentText>();
        var (start, startLine, line, hasContent) = (0, 1, 1, false);
        for (var at = 0; at < text.Length; line++)
        {
            var end = text.IndexOf('\n', at) is >= 0 and var found ? found + 1 : text.Length;
            var content = text.AsSpan(at, end - at);
            if (IsMark(content, out var rest))
            {
                Add(start, at);
                // What follows '---' on its line belongs to the document.
                (start, startLine) = rest == 0 ? (end, line + 1) : (at + rest, line);
                hasContent = rest > 0;
            }
            else
            {
                var trimmed = content.Trim();
                hasContent |= trimmed.Length > 0 && trimmed[0] != '#' && trimmed[0] != '\uFEFF';
            }

            at = end;
        }

        Add(start, text.Length);
        return documents;

        void Add(int from, int to)
        {
            if (hasContent)
            {
                documents.Add(new DocumentText(text[from..to], startLine));
            }

            hasContent = false;
        }
    }

    /// <summary>Whether a line separates documents.</summary>
    /// <param name="line">A line with its end.</param>
    /// <param name="rest">Where the content after the mark begins; 0 when there is none.</param>
    private static bool IsMark(ReadOnlySpan<char> line, out int rest)
    {
        rest = 0;
        var isMark =
            line.StartsWith("---", StringComparison.Ordinal) || line.StartsWith("...", StringComparison.Ordinal);
        if (!isMark || (line.Length > 3 && !char.IsWhiteSpace(line[3])))
        {
            return false;
        }

        var after = line[3..].Trim();
        if (after.Length > 0 && after[0] != '#')
        {
            rest = 3;
        }

        return true;
    }
}
