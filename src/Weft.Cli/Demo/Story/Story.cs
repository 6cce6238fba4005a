namespace Weft.Cli.Demo;

/// <summary>The steps of the story, one after the other: each does something to the shop and waits for what must come of it.</summary>
/// <param name="shop">The shop, open.</param>
/// <param name="traffic">Its visitors.</param>
/// <param name="callers">Reads the proxies of those who call authors.</param>
/// <param name="judge">Says when a step is over, and whether it held.</param>
/// <param name="deadline">When, on the clock of the traffic, all steps must be over.</param>
/// <param name="view">Whoever watches.</param>
/// <param name="time">The clock.</param>
internal sealed class Story(
    Bookshop shop,
    Traffic traffic,
    Scraper callers,
    Judge judge,
    TimeSpan deadline,
    IStoryView view,
    TimeProvider time
)
{
    /// <summary>The names of the steps, in their order.</summary>
    public static readonly string[] Steps =
    [
        "without retries the failures of version 1 show in web",
        "retries with a budget hide them",
        "10 % of the calls shift to version 2",
        "all calls shift to version 2",
        "one endpoint dies and its circuit opens",
    ];

    /// <summary>
    /// How much of the time each step may take, relative to the others, when time is short: changed documents must be read first, on a busy machine in a
    /// second or two, and a tenth of the calls takes its time to show.
    /// </summary>
    private static readonly double[] s_shares = [1, 2, 3, 2, 2];

    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan s_instant = TimeSpan.FromMilliseconds(1);

    // Requests under way when the endpoint is killed.
    private const int Busy = 4;
    private const int MaxBusyTries = 1000;

    private readonly List<StepResult> _results = [];
    private int _next;

    /// <summary>Tells it. A process that ends unasked ends the story; what was not told has not held.</summary>
    public async Task<IReadOnlyList<StepResult>> TellAsync(CancellationToken cancel)
    {
        try
        {
            await TellStepsAsync(cancel);
        }
        catch (DemoException error)
        {
            // An interruption from the terminal reaches every process, not only this one.
            cancel.ThrowIfCancellationRequested();
            Report(error.Message);
            while (_results.Count < Steps.Length)
            {
                Report("not reached");
            }
        }

        return _results;
    }

    private async Task TellStepsAsync(CancellationToken cancel)
    {
        await StepAsync(step => judge.FailuresShow(step.Samples(), step.Began), cancel);

        var unhidden = await TallyAsync(cancel);
        shop.Files.TryAgain();
        await StepAsync(
            step => judge.RetriesHide(step.Samples(), step.Began),
            async verdict => Judge.AttemptsTell(verdict, (await TallyAsync(cancel)).Since(unhidden)),
            cancel
        );

        shop.Files.Route(ShopFiles.TenthToVersion2);
        await StepAsync(step => judge.TenthShifts(step.Samples()), cancel);

        var lively = _next;
        shop.Files.Route(ShopFiles.AllToVersion2);
        await StepAsync(step => judge.AllShifts(step.Samples(), step.Began), cancel);

        var before = traffic.Samples.From(lively);
        var alive = await TallyAsync(cancel);
        await UntilBusyAsync(cancel);
        var death = await shop.KillAsync(ShopPlan.Victim, () => traffic.Now, cancel);
        await StepAsync(
            step =>
            {
                // Read before the samples: a request that ends in between counts twice rather than not at all.
                var outstanding = traffic.Outstanding();
                return judge.DeathCostsNoMore(before, step.Samples(), outstanding, death);
            },
            async verdict => Judge.CircuitOpens(verdict, (await TallyAsync(cancel)).Since(alive)),
            cancel
        );
    }

    /// <summary>Waits for a moment at which a death costs something, but not for long: a slow machine is always busy, a fast one often.</summary>
    private async Task UntilBusyAsync(CancellationToken cancel)
    {
        for (var tries = 0; tries < MaxBusyTries && traffic.Outstanding().Length < Busy; tries++)
        {
            await Task.Delay(s_instant, time, cancel);
        }
    }

    private async Task<AuthorsTally> TallyAsync(CancellationToken cancel) =>
        AuthorsTally.Of(await callers.ReadAsync(traffic.Now, cancel));

    private Task StepAsync(Func<Step, Verdict> judgement, CancellationToken cancel) =>
        StepAsync(judgement, Task.FromResult, cancel);

    /// <summary>One step.</summary>
    /// <param name="judgement">By what the visitors recorded.</param>
    /// <param name="completion">By what the proxies counted, asked when the visitors' part is done: it is waited for like the other.</param>
    /// <param name="cancel">Ends the story.</param>
    private async Task StepAsync(
        Func<Step, Verdict> judgement,
        Func<Verdict, Task<Verdict>> completion,
        CancellationToken cancel
    )
    {
        var name = Steps[_results.Count];
        view.Begin(name);
        var step = new Step(traffic, _next);
        var left = deadline - step.Began;
        var mine = s_shares[_results.Count] / s_shares[_results.Count..].Sum();
        // What is left is shared by the steps that are left. On a slow machine that may be too little to judge by, and what is missing is
        // taken from the steps to come, but never more than two thirds of what is left.
        var share = step.Began + (left * mine);
        var limit = mine < 1 ? step.Began + (left * 2 / 3) : deadline;
        while (true)
        {
            await Task.Delay(s_poll, time, cancel);
            shop.ThrowIfAnyEnded();
            var now = traffic.Now;
            var verdict = judgement(step);
            if (!verdict.IsSettled && !(verdict.IsEnough && now >= share) && now < limit)
            {
                continue;
            }

            var whole = await completion(verdict);
            if (whole.Held || !verdict.Held || now >= limit)
            {
                _next = step.Next;
                Add(new StepResult(name, whole.Held, whole.Detail));
                return;
            }
        }
    }

    private void Report(string why) => Add(new StepResult(Steps[_results.Count], Held: false, why));

    private void Add(StepResult result)
    {
        _results.Add(result);
        view.End(result);
    }

    /// <summary>The samples of a step: all since the verdict on the one before, so that none is overlooked.</summary>
    private sealed class Step(Traffic traffic, int first)
    {
        public TimeSpan Began { get; } = traffic.Now;

        /// <summary>The first sample that was not judged yet.</summary>
        public int Next => first + _judged;

        private int _judged;

        public Sample[] Samples()
        {
            var samples = traffic.Samples.From(first);
            _judged = samples.Length;
            return samples;
        }
    }
}
