namespace Weft.Cli.Demo;

/// <summary>What is looked for in the samples.</summary>
internal sealed partial class Judge
{
    private static bool IsVersion2(string? instance) =>
        instance is not null && instance.StartsWith(Version2, StringComparison.Ordinal);

    private static bool IsVersion1(string? instance) =>
        instance is not null && instance.StartsWith(Version1, StringComparison.Ordinal);

    private static int LostIn(IReadOnlyList<Sample> samples) => samples.Count(s => s.Outcome == Outcome.Lost);

    private static string LostText(IReadOnlyList<Sample> samples)
    {
        var lost = LostIn(samples);
        var why = lost == 0 ? "" : $" ({samples.First(s => s.Outcome == Outcome.Lost).Why})";
        return $"; {lost} of {samples.Count} requests lost{why}";
    }

    private static TimeSpan? EndOfFirst(IReadOnlyList<Sample> samples, Func<Sample, bool> isIt)
    {
        foreach (var sample in samples)
        {
            if (isIt(sample))
            {
                return sample.Ended;
            }
        }

        return null;
    }

    /// <summary>When the failure ended after which the first long row of pages without one came.</summary>
    private static TimeSpan? BeginOfGoodRow(IReadOnlyList<Sample> samples, TimeSpan began)
    {
        var (begin, row) = (began, 0);
        foreach (var sample in samples)
        {
            if (sample.Outcome != Outcome.Success)
            {
                (begin, row) = (sample.Ended, 0);
            }
            else if (sample.Started >= begin && ++row == PagesWithoutFault)
            {
                return begin;
            }
        }

        return null;
    }

    /// <summary>When the last answer of version 1 came.</summary>
    private static TimeSpan LastOfVersion1(IReadOnlyList<Sample> samples, TimeSpan began)
    {
        var last = began;
        foreach (var sample in samples)
        {
            if ((IsVersion1(sample.Direct) || IsVersion1(sample.ViaBooks)) && sample.Ended > last)
            {
                last = sample.Ended;
            }
        }

        return last;
    }
}
