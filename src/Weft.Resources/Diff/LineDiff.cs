namespace Weft.Resources;

/// <summary>What became of a line.</summary>
public enum LineChange
{
    Kept,
    Removed,
    Added,
}

/// <summary>A line of a comparison.</summary>
public readonly record struct DiffLine(LineChange Change, string Text);

/// <summary>
/// The lines of two texts side by side, by the longest common subsequence (the greedy algorithm of Myers, 1986) while that is
/// cheap; texts with more differences than <see cref="MaxDifferences"/> are shown as replaced from the first differing line
/// to the last.
/// </summary>
public static class LineDiff
{
    /// <summary>Lines removed and added that are told apart one by one; the memory grows with its square.</summary>
    public const int MaxDifferences = 1000;

    public static IReadOnlyList<DiffLine> Compare(string before, string after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        var (old, now) = (Lines(before), Lines(after));
        var head = 0;
        while (head < old.Length && head < now.Length && old[head] == now[head])
        {
            head++;
        }

        var tail = 0;
        while (tail < old.Length - head && tail < now.Length - head && old[^(tail + 1)] == now[^(tail + 1)])
        {
            tail++;
        }

        var lines = new List<DiffLine>(old[..head].Select(l => new DiffLine(LineChange.Kept, l)));
        lines.AddRange(Middle(old[head..^tail], now[head..^tail]));
        lines.AddRange(old[^tail..].Select(l => new DiffLine(LineChange.Kept, l)));
        return lines;
    }

    private static string[] Lines(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        return lines[^1].Length == 0 ? lines[..^1] : lines;
    }

    private static IEnumerable<DiffLine> Middle(string[] old, string[] now)
    {
        var trace = Trace(old, now);
        if (trace is null)
        {
            return old.Select(l => new DiffLine(LineChange.Removed, l))
                .Concat(now.Select(l => new DiffLine(LineChange.Added, l)));
        }

        var lines = new List<DiffLine>();
        var (x, y) = (old.Length, now.Length);
        for (var d = trace.Count - 1; d >= 0; d--)
        {
            var reached = trace[d];
            var k = x - y;
            var isAdded = k == -d || (k != d && At(reached, d, k - 1) < At(reached, d, k + 1));
            var fromX = d == 0 ? 0 : At(reached, d, isAdded ? k + 1 : k - 1);
            var fromY = d == 0 ? 0 : fromX - (isAdded ? k + 1 : k - 1);
            while (x > fromX && y > fromY)
            {
                lines.Add(new DiffLine(LineChange.Kept, old[--x]));
                y--;
            }

            if (d > 0)
            {
                lines.Add(
                    isAdded ? new DiffLine(LineChange.Added, now[fromY]) : new DiffLine(LineChange.Removed, old[fromX])
                );
            }

            (x, y) = (fromX, fromY);
        }

        lines.Reverse();
        return lines;
    }

    /// <summary>
    /// Per number of differences, how far each diagonal reached before it was spent; null when it takes too many.
    /// </summary>
    private static List<int[]>? Trace(string[] old, string[] now)
    {
        var trace = new List<int[]>();
        var reached = new int[3];
        for (var d = 0; d <= Math.Min(old.Length + now.Length, MaxDifferences); d++)
        {
            trace.Add(reached);
            var next = new int[(2 * d) + 5];
            for (var k = -d; k <= d; k += 2)
            {
                var x =
                    d == 0 ? 0
                    : k == -d || (k != d && At(reached, d, k - 1) < At(reached, d, k + 1)) ? At(reached, d, k + 1)
                    : At(reached, d, k - 1) + 1;
                var y = x - k;
                while (x < old.Length && y < now.Length && old[x] == now[y])
                {
                    (x, y) = (x + 1, y + 1);
                }

                next[k + d + 2] = x;
                if (x >= old.Length && y >= now.Length)
                {
                    return trace;
                }
            }

            reached = next;
        }

        return null;
    }

    /// <summary>What diagonal <paramref name="k"/> had reached with one difference less than <paramref name="d"/>.</summary>
    private static int At(int[] reached, int d, int k) => reached[k + d + 1];
}
