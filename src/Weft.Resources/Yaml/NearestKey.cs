namespace Weft.Resources.Yaml;

/// <summary>Finds what a person probably meant by a word that is not known.</summary>
public static class NearestKey
{
    /// <summary>Words longer than this are compared no further than here; keys are short.</summary>
    private const int MaxLength = 64;

    /// <summary>
    /// The known word with the fewest edits (insert, delete, replace, swap of neighbours; case does not count), or null
    /// when even that one differs in more than a third of its letters.
    /// </summary>
    public static string? Find(string word, IEnumerable<string> known)
    {
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in known)
        {
            var distance = Distance(word, candidate);
            if (distance < bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }
        return best is not null && bestDistance <= Math.Max(1, (Math.Max(word.Length, best.Length) + 1) / 3)
            ? best
            : null;
    }

    /// <summary>Optimal string alignment distance, without regard to case.</summary>
    public static int Distance(string left, string right)
    {
        var a = left.AsSpan(0, Math.Min(left.Length, MaxLength));
        var b = right.AsSpan(0, Math.Min(right.Length, MaxLength));
        Span<int> beforeLast = stackalloc int[MaxLength + 1];
        Span<int> last = stackalloc int[MaxLength + 1];
        Span<int> row = stackalloc int[MaxLength + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            last[j] = j;
        }
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Same(a[i - 1], b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1] + 1, last[j] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                }
            }
            last.CopyTo(beforeLast);
            row.CopyTo(last);
        }
        return last[b.Length] + Math.Abs(left.Length - a.Length - (right.Length - b.Length));
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
