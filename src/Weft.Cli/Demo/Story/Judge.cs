namespace Weft.Cli.Demo;

/// <summary>
/// Judges the steps of the story by what the visitors recorded. Pure: the same samples give the same verdict. Each takes the samples that
/// ended since the step began, and <c>isLast</c> when its time is up.
/// </summary>
internal sealed class Judge(Evidence evidence)
{
    /// <summary>The share of requests that version 1 fails.</summary>
    public const double FaultRatio = 0.25;

    /// <summary>The share of pages that it spoils: each needs authors twice, once by way of books.</summary>
    public const double SpoiltPages = 1 - ((1 - FaultRatio) * (1 - FaultRatio));

    /// <summary>The share of calls that version 2 gets first.</summary>
    public const double FirstShift = 0.1;

    /// <summary>
    /// So many pages in a row without version 1 mean that both of its callers have left it: at nine calls in ten, chance does not do that.
    /// </summary>
    public const int PagesWithoutVersion1 = 40;

    /// <summary>The instances' names begin so.</summary>
    public const string Version1 = "authors-v1";

    public const string Version2 = "authors-v2";

    /// <summary>The failures of version 1 show up in web, in the number that its ratio of failures makes expected.</summary>
    public Verdict FailuresShow(IReadOnlyList<Sample> samples, TimeSpan began, bool isLast)
    {
        var own = samples.Where(s => s.Started >= began).ToArray();
        var faults = own.Count(s => s.Outcome == Outcome.Fault);
        var held =
            own.Length >= evidence.Minimum && Shares.Fit(faults, own.Length, SpoiltPages) && LostIn(samples) == 0;
        return new Verdict(
            isLast || own.Length >= evidence.Wanted,
            held,
            $"{Shares.Text(faults, own.Length)} of {own.Length} pages failed "
                + "(44 % expected: authors fails 1 call in 4, and a page needs two)"
                + LostText(samples, "; ")
        );
    }

    /// <summary>Version 2 gets about a tenth of the calls, and no request is lost on the way.</summary>
    public Verdict TenthShifts(IReadOnlyList<Sample> samples, bool isLast)
    {
        // In force for a caller once it has reached version 2; what follows is not chosen by that, so the share is unbiased.
        var direct = EndOfFirst(samples, s => IsVersion2(s.Direct));
        var viaBooks = EndOfFirst(samples, s => IsVersion2(s.ViaBooks));
        if (direct is null || viaBooks is null)
        {
            return new Verdict(
                isLast,
                false,
                $"not every caller of authors reached version 2{LostText(samples, "; ")}"
            );
        }

        var inForce = direct > viaBooks ? direct : viaBooks;
        var after = samples.Where(s => s.Started >= inForce).ToArray();
        var answers = after
            .SelectMany(s => (string?[])[s.Direct, s.ViaBooks])
            .Where(name => name is not null)
            .ToArray();
        var shifted = answers.Count(IsVersion2);
        var held =
            after.Length >= evidence.Minimum && Shares.Fit(shifted, answers.Length, FirstShift) && LostIn(samples) == 0;
        return new Verdict(
            isLast || after.Length >= evidence.Wanted,
            held,
            $"version 2 answered {Shares.Text(shifted, answers.Length)} of {answers.Length} calls{LostText(samples, "; ")}"
        );
    }

    /// <summary>No caller reaches version 1 any more, and no request is lost on the way.</summary>
    public static Verdict AllShifts(IReadOnlyList<Sample> samples, TimeSpan began, bool isLast)
    {
        var (last, after) = AfterVersion1(samples, began);
        var done = after >= PagesWithoutVersion1;
        return new Verdict(
            isLast || done,
            done && LostIn(samples) == 0,
            done
                ? $"no call reached version 1 any more after {(last - began).TotalSeconds:0.00} s{LostText(samples, "; ")}"
                : $"calls still reached version 1 after {(last - began).TotalSeconds:0.00} s{LostText(samples, "; ")}"
        );
    }

    /// <summary>Every page that was asked for since is a page.</summary>
    public Verdict SuccessReturns(IReadOnlyList<Sample> samples, TimeSpan began, bool isLast)
    {
        var own = samples.Where(s => s.Started >= began).ToArray();
        var good = own.Count(s => s.Outcome == Outcome.Success);
        return new Verdict(
            isLast || own.Length >= evidence.Wanted,
            own.Length >= evidence.Minimum && good == own.Length && LostIn(samples) == 0,
            $"{Shares.Text(good, own.Length)} of {own.Length} pages succeeded{LostText(samples, "; ")}"
        );
    }

    /// <summary>
    /// An endpoint died. Whatever failed was under way as it died, and not more of it than was under way at any one moment of that; whoever
    /// came later is served by the others.
    /// </summary>
    /// <param name="before">The samples of the step before: the endpoint must have had its share of the traffic.</param>
    /// <param name="samples">Those that ended since the step began.</param>
    /// <param name="outstanding">When the requests that are under way now left.</param>
    /// <param name="death">Whose, and when.</param>
    /// <param name="isLast">Time is up.</param>
    public Verdict DeathCostsNoMore(
        IReadOnlyList<Sample> before,
        IReadOnlyList<Sample> samples,
        IReadOnlyList<TimeSpan> outstanding,
        Death death,
        bool isLast
    )
    {
        var had = before.Count(s => s.Direct == death.Instance) + before.Count(s => s.ViaBooks == death.Instance);
        var later = samples.Where(s => s.Started > death.Gone).ToArray();
        var failed = samples.Count(s => s.Ended >= death.Began && s.Outcome != Outcome.Success);
        var failedLater = later.Count(s => s.Outcome != Outcome.Success);
        // Nobody knows yet how these end; when time is up, nobody ever will.
        var hanging = outstanding.Count(start => start <= death.Gone);
        var bound = MostAtOnce(samples, outstanding, death);
        var settled = later.Length >= evidence.Wanted && hanging == 0;
        var lostWhy = samples.FirstOrDefault(s => s.Outcome == Outcome.Lost).Why;
        return new Verdict(
            isLast || settled,
            had > 0 && later.Length >= evidence.Minimum && failedLater == 0 && failed + hanging <= bound,
            $"{death.Instance} killed with {bound} requests under way: {failed + hanging} of them failed, "
                + $"and {failedLater} of the {later.Length} that came later"
                + (had > 0 ? "" : "; but it had no traffic before")
                + (lostWhy is null ? "" : $" ({lostWhy})")
        );
    }

    /// <summary>The most requests that were under way at one moment while the endpoint died.</summary>
    internal static int MostAtOnce(IReadOnlyList<Sample> samples, IReadOnlyList<TimeSpan> outstanding, Death death)
    {
        var spans = samples
            .Select(s => (s.Started, s.Ended))
            .Concat(outstanding.Select(start => (Started: start, Ended: TimeSpan.MaxValue)))
            .Where(span => span.Started <= death.Gone && span.Ended >= death.Began)
            .ToArray();
        // The number only grows where a request begins, or where the time looked at begins.
        return spans
            .Select(span => span.Started > death.Began ? span.Started : death.Began)
            .Select(moment => spans.Count(span => span.Started <= moment && span.Ended >= moment))
            .DefaultIfEmpty(0)
            .Max();
    }

    private static bool IsVersion2(string? instance) =>
        instance is not null && instance.StartsWith(Version2, StringComparison.Ordinal);

    private static bool IsVersion1(string? instance) =>
        instance is not null && instance.StartsWith(Version1, StringComparison.Ordinal);

    private static int LostIn(IReadOnlyList<Sample> samples) => samples.Count(s => s.Outcome == Outcome.Lost);

    private static string LostText(IReadOnlyList<Sample> samples, string before)
    {
        var lost = LostIn(samples);
        var why = lost == 0 ? "" : $" ({samples.First(s => s.Outcome == Outcome.Lost).Why})";
        return $"{before}{lost} of {samples.Count} requests lost{why}";
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

    /// <summary>When the last answer of version 1 came, and how many pages were asked for and served since.</summary>
    private static (TimeSpan Last, int After) AfterVersion1(IReadOnlyList<Sample> samples, TimeSpan began)
    {
        var last = began;
        foreach (var sample in samples)
        {
            if (IsVersion1(sample.Direct) || IsVersion1(sample.ViaBooks))
            {
                last = sample.Ended > last ? sample.Ended : last;
            }
        }

        return (last, samples.Count(s => s.Started >= last && IsVersion2(s.Direct) && IsVersion2(s.ViaBooks)));
    }
}
