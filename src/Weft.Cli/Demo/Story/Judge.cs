namespace Weft.Cli.Demo;

/// <summary>
/// Judges the steps of the story by what the visitors recorded. Pure: the same samples give the same verdict. Each takes the samples that
/// ended since the step began.
/// </summary>
internal sealed partial class Judge(Evidence evidence)
{
    /// <summary>The share of requests that version 1 fails.</summary>
    public const double FaultRatio = 0.25;

    /// <summary>The share of pages that it spoils: each needs authors twice, once by way of books.</summary>
    public const double SpoiltPages = 1 - ((1 - FaultRatio) * (1 - FaultRatio));

    /// <summary>The share of attempts that version 2 gets first.</summary>
    public const double FirstShift = 0.1;

    /// <summary>
    /// The share of answers that version 2 then gives: every attempt draws anew, and what version 1 fails is tried again until it is answered well.
    /// </summary>
    public const double FirstAnswers = FirstShift / (1 - ((1 - FirstShift) * FaultRatio));

    /// <summary>
    /// So many pages in a row without a failure mean that both callers try again by then: as long as one does not, chance spoils a page in four.
    /// </summary>
    public const int PagesWithoutFault = 40;

    // With eight retries chance spoils one page in 130 000.
    private const int PagesPerFault = 100;

    /// <summary>
    /// So many pages in a row without version 1 mean that both of its callers have left it: at nine calls in ten, chance does not do that.
    /// </summary>
    public const int PagesWithoutVersion1 = 40;

    /// <summary>The instances' names begin so.</summary>
    public const string Version1 = "authors-v1";

    public const string Version2 = "authors-v2";

    /// <summary>The failures of version 1 show up in web, in the number that its ratio of failures makes expected.</summary>
    public Verdict FailuresShow(IReadOnlyList<Sample> samples, TimeSpan began)
    {
        var own = samples.Where(s => s.Started >= began).ToArray();
        var faults = own.Count(s => s.Outcome == Outcome.Fault);
        return Of(
            own.Length,
            Shares.Fit(faults, own.Length, SpoiltPages) && LostIn(samples) == 0,
            $"{Shares.Text(faults, own.Length)} of {own.Length} pages failed "
                + "(44 % expected: authors fails 1 call in 4, and a page needs two)"
                + LostText(samples)
        );
    }

    /// <summary>Retries hide the failures of version 1 from the visitors, from the moment at which both callers know of them.</summary>
    public Verdict RetriesHide(IReadOnlyList<Sample> samples, TimeSpan began)
    {
        if (BeginOfGoodRow(samples, began) is not { } inForce)
        {
            return Of(0, false, $"pages go on failing{LostText(samples)}");
        }

        var after = samples.Where(s => s.Started >= inForce).ToArray();
        var faults = after.Count(s => s.Outcome == Outcome.Fault);
        return Of(
            after.Length,
            faults <= Math.Max(1, after.Length / PagesPerFault) && LostIn(samples) == 0,
            $"{Shares.Text(after.Length - faults, after.Length)} of {after.Length} pages succeeded{LostText(samples)}"
        );
    }

    /// <summary>What the proxies count as attempts still tells what version 1 answers, whatever the visitors see.</summary>
    /// <param name="hidden">What the visitors saw.</param>
    /// <param name="counted">What was counted since, of version 1 alone.</param>
    public static Verdict AttemptsTell(Verdict hidden, AuthorsTally counted)
    {
        var failed = (int)(counted.Attempts - counted.Successes);
        return hidden with
        {
            Held = hidden.Held && counted.Retries > 0 && Shares.Fit(failed, (int)counted.Attempts, FaultRatio),
            Detail =
                $"{hidden.Detail}; authors answered {Shares.Text(counted.Successes, counted.Attempts)} of {counted.Attempts:0} attempts, "
                + $"of which {counted.Retries:0} were retries",
        };
    }

    /// <summary>Version 2 gets about a tenth of the attempts, and no request is lost on the way.</summary>
    public Verdict TenthShifts(IReadOnlyList<Sample> samples)
    {
        // In force for a caller once it has reached version 2; what follows is not chosen by that, so the share is unbiased.
        var direct = EndOfFirst(samples, s => IsVersion2(s.Direct));
        var viaBooks = EndOfFirst(samples, s => IsVersion2(s.ViaBooks));
        if (direct is null || viaBooks is null)
        {
            return Of(0, false, $"not every caller of authors has reached version 2{LostText(samples)}");
        }

        var inForce = direct > viaBooks ? direct : viaBooks;
        var after = samples.Where(s => s.Started >= inForce).ToArray();
        var answers = after
            .SelectMany(s => (string?[])[s.Direct, s.ViaBooks])
            .Where(name => name is not null)
            .ToArray();
        var shifted = answers.Count(IsVersion2);
        return Of(
            after.Length,
            Shares.Fit(shifted, answers.Length, FirstAnswers) && LostIn(samples) == 0,
            $"version 2 answered {Shares.Text(shifted, answers.Length)} of {answers.Length} calls "
                + $"(13 % expected: a tenth of the attempts, and none of its own fails){LostText(samples)}"
        );
    }

    /// <summary>No caller reaches version 1 any more, every page that was asked for since is a page, and no request is lost on the way.</summary>
    public Verdict AllShifts(IReadOnlyList<Sample> samples, TimeSpan began)
    {
        var last = LastOfVersion1(samples, began);
        var seconds = (last - began).TotalSeconds;
        var after = samples.Where(s => s.Started >= last).ToArray();
        var good = after.Count(s => s.Outcome == Outcome.Success && IsVersion2(s.Direct) && IsVersion2(s.ViaBooks));
        return good < PagesWithoutVersion1
            ? Of(0, false, $"calls still reached version 1 after {seconds:0.00} s{LostText(samples)}")
            : Of(
                after.Length,
                good == after.Length && LostIn(samples) == 0,
                $"no call reached version 1 any more after {seconds:0.00} s, and {Shares.Text(good, after.Length)} of the "
                    + $"{after.Length} pages since succeeded{LostText(samples)}"
            );
    }

    /// <summary>
    /// An endpoint died. Whatever was lost was under way as it died, and not more of it than was under way at one moment of that; whoever
    /// came later is served by the others.
    /// </summary>
    /// <param name="before">The samples of the step before: the endpoint must have had its share of the traffic.</param>
    /// <param name="samples">Those that ended since the step began.</param>
    /// <param name="outstanding">When the requests that are under way now left.</param>
    /// <param name="death">Whose, and when.</param>
    public Verdict DeathCostsNoMore(
        IReadOnlyList<Sample> before,
        IReadOnlyList<Sample> samples,
        IReadOnlyList<TimeSpan> outstanding,
        Death death
    )
    {
        var had = before.Count(s => s.Direct == death.Instance) + before.Count(s => s.ViaBooks == death.Instance);
        var later = samples.Count(s => s.Started > death.Gone);
        var lost = samples.Where(s => s.Ended >= death.Began && s.Outcome == Outcome.Lost).ToArray();
        var lostLater = lost.Count(s => s.Started > death.Gone);
        // Nobody knows yet how these end; when time is up, nobody ever will.
        var hanging = outstanding.Count(start => start <= death.Gone);
        var bound = MostAtOnce(samples, outstanding, death);
        var verdict = Of(
            later,
            had > 0 && lostLater == 0 && lost.Length + hanging <= bound,
            $"{death.Instance} killed with {bound} requests under way: {lost.Length - lostLater + hanging} of them lost, "
                + $"and {lostLater} of the {later} that came later"
                + (had > 0 ? "" : "; but it had no traffic before")
                + (lost.Length > 0 ? $" ({lost[0].Why})" : "")
        );
        return verdict with
        {
            IsEnough = verdict.IsEnough && hanging == 0,
            IsSettled = verdict.IsSettled && hanging == 0,
        };
    }

    /// <summary>The dead endpoint's circuit opened: its callers did not go on asking it.</summary>
    /// <param name="cost">What the death cost.</param>
    /// <param name="counted">What was counted since it died.</param>
    public static Verdict CircuitOpens(Verdict cost, AuthorsTally counted)
    {
        var open = counted.Circuits.Count(times => times > 0);
        return cost with
        {
            Held = cost.Held && open > 0,
            Detail = $"{cost.Detail}; its circuit opened in {open} of {counted.Circuits.Count} callers' proxies",
        };
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

    private Verdict Of(int count, bool held, string detail)
    {
        var isEnough = count >= evidence.Minimum;
        var reservation = isEnough ? "" : $"; too few to judge by: {evidence.Minimum} are needed";
        return new Verdict(isEnough, count >= evidence.Wanted, held && isEnough, detail + reservation);
    }
}
