using Weft.Cli.Output;
using Weft.Resources;

namespace Weft.Cli.Control;

/// <summary>A comparison for people: what has changed, with a few lines around it.</summary>
internal static class DiffText
{
    private const int Around = 3;

    /// <summary>The lines of two texts, each after a space, <c>-</c> or <c>+</c>.</summary>
    public static IEnumerable<string> Compare(string before, string after) =>
        LineDiff
            .Compare(before, after)
            .Select(l =>
                (
                    l.Change == LineChange.Removed ? "-"
                    : l.Change == LineChange.Added ? "+"
                    : " "
                ) + l.Text
            );

    /// <summary>Writes marked lines; of those that did not change, only the ones next to a change.</summary>
    public static void Write(TextWriter output, IReadOnlyList<string> lines)
    {
        var isNear = new bool[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            if (!lines[i].StartsWith(' '))
            {
                var from = Math.Max(0, i - Around);
                isNear.AsSpan(from..Math.Min(lines.Count, i + Around + 1)).Fill(true);
            }
        }

        for (var i = 0; i < lines.Count; i++)
        {
            if (isNear[i])
            {
                TextLine.Write(output, lines[i]);
            }
            else if (i == 0 || isNear[i - 1])
            {
                output.WriteLine("  ...");
            }
        }
    }
}
