namespace Weft.Resources.Yaml;

/// <summary>
/// Finds the place in the file of a character within a scalar, so that an error in an embedded text (a dtab in a block)
/// names the line and column that the author sees.
/// </summary>
internal static class ScalarText
{
    /// <summary>
    /// The place of <paramref name="offset"/> in <paramref name="scalar"/>'s text. YAML drops indentation and may fold
    /// lines, but keeps every character that is not white space, in order: so those are counted. A quoted text with
    /// escapes does not keep them; there, the place of the whole scalar is the answer.
    /// </summary>
    public static Position Locate(string file, YamlScalar scalar, int offset)
    {
        var content = Content(file, scalar);
        var solid = 0;
        for (var i = 0; i < offset && i < scalar.Text.Length; i++)
        {
            solid += char.IsWhiteSpace(scalar.Text[i]) ? 0 : 1;
        }
        if (content is not { } range || CountSolid(file[range.Start..range.End]) < CountSolid(scalar.Text))
        {
            return scalar.Position;
        }
        var onSolid = offset < scalar.Text.Length && !char.IsWhiteSpace(scalar.Text[offset]);
        var index = range.Start;
        // On a visible character: stop at it. On white space or at the end: stop right behind the last visible one.
        for (var left = onSolid ? solid : solid - 1; index < range.End; index++)
        {
            if (char.IsWhiteSpace(file[index]))
            {
                continue;
            }
            if (left-- <= 0)
            {
                index += onSolid || solid == 0 ? 0 : 1;
                break;
            }
        }
        return PositionOf(file, index);
    }

    private static (int Start, int End)? Content(string file, YamlScalar scalar)
    {
        var (start, end) = (Math.Min(scalar.Start, file.Length), Math.Min(scalar.End, file.Length));
        switch (scalar.Style)
        {
            case ScalarForm.Plain:
                return (start, end);
            case ScalarForm.Quoted:
                var inner = file[Math.Min(start + 1, end)..Math.Max(start + 1, end - 1)];
                var escapes = file[start] == '"' ? inner.Contains('\\') : inner.Contains('\'');
                return escapes ? null : (start + 1, Math.Max(start + 1, end - 1));
            default:
                // The header line of a block (its '|' and perhaps a comment) is no part of the text.
                var newline = file.IndexOf('\n', start, end - start);
                return newline < 0 ? null : (newline + 1, end);
        }
    }

    private static int CountSolid(string text) => text.Count(c => !char.IsWhiteSpace(c));

    private static Position PositionOf(string file, int index)
    {
        var before = file.AsSpan(0, Math.Min(index, file.Length));
        return new Position(before.Count('\n') + 1, before.Length - before.LastIndexOf('\n'));
    }
}
