using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Weft.Cli.Demo;

/// <summary>The demo from end to end: opens the shop, lets visitors in, tells the story, closes the shop.</summary>
internal sealed class DemoRun(DemoOptions options, IStoryView view, Random random, TimeProvider time)
{
    private static readonly TimeSpan s_closing = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan s_refresh = TimeSpan.FromMilliseconds(500);

    private const int VisitsBefore = 20;

    // The table shows the last few seconds: long enough to be steady, short enough to follow what happens.
    private const int ScrapesShown = 6;

    /// <summary>Runs it; what comes of it is told to the view, too.</summary>
    /// <exception cref="DemoException">The shop did not open.</exception>
    public async Task<DemoReport> RunAsync(CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        view.Say("opening a bookshop: 5 services and 6 proxies, each a process of its own");
        await using var shop = await OpenAsync(cancel);
        var handler = new SocketsHttpHandler { Proxy = new WebProxy($"http://{shop.Plan.Visitors}"), UseProxy = true };
        await using var traffic = new Traffic(
            handler,
            new Uri("http://web/"),
            DemoOptions.Visitors,
            DemoOptions.Rate,
            time
        );
        await WarmUpAsync(shop, traffic, options.Duration - time.GetElapsedTime(began) - s_closing, cancel);
        using var scraper = new Scraper([.. shop.Plan.Machines.Select(m => m.Admin), shop.Plan.VisitorsAdmin]);
        var first = await scraper.ReadAsync(traffic.Now, cancel);

        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var watch = WatchAsync(scraper, traffic, watching.Token);
        var opened = time.GetElapsedTime(began);
        view.Say($"open after {opened.TotalSeconds:0.0} s; its proxies' files are in {shop.Files.Folder}");
        traffic.Start();
        var left = options.Duration - opened - s_closing;
        var evidence = Evidence.For(options.Duration, DemoOptions.Rate);
        using var callers = new Scraper([.. shop.Plan.CallersOfAuthors.Select(m => m.Admin)]);
        var story = new Story(shop, traffic, callers, new Judge(evidence), traffic.Now + left, view, time);
        var steps = await story.TellAsync(cancel);
        if (!options.Keep)
        {
            await traffic.StopAsync(s_closing / 2);
        }

        var last = await scraper.ReadAsync(traffic.Now, cancel);
        var report = DemoReport.Of(steps, traffic.Samples.From(0), ServiceRow.RetriesIn(last));
        if (options.Keep)
        {
            view.Conclude(ServiceRow.Between(first, last), report);
            await KeepAsync(shop, cancel);
        }

        await watching.CancelAsync();
        await watch;
        if (!options.Keep)
        {
            view.Conclude(ServiceRow.Between(first, last), report);
        }

        return report;
    }

    private async Task<Bookshop> OpenAsync(CancellationToken cancel)
    {
        var patience = options.Duration - s_closing;
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, limit.Token);
        try
        {
            return await Bookshop.OpenAsync(random, time, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new DemoException(
                $"the shop was not open within {patience.TotalSeconds:0.#} s; give it more time by --seconds"
            );
        }
    }

    /// <summary>The first visits, which do not count: every program runs its code for the first time.</summary>
    private async Task WarmUpAsync(Bookshop shop, Traffic traffic, TimeSpan patience, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        var good = 0;
        while (true)
        {
            var sample = await traffic.VisitAsync(cancel);
            good += sample is { Outcome: not Outcome.Lost, Direct: not null, ViaBooks: not null } ? 1 : 0;
            if (good == VisitsBefore)
            {
                return;
            }

            cancel.ThrowIfCancellationRequested();
            shop.ThrowIfAnyEnded();
            if (time.GetElapsedTime(began) > patience)
            {
                throw new DemoException($"no visit of the shop succeeded; the last one: {sample.Why ?? "incomplete"}");
            }
        }
    }

    [SuppressMessage("Usage", "MA0147", Justification = "Awaited by its caller.")]
    private async Task WatchAsync(Scraper scraper, Traffic traffic, CancellationToken cancel)
    {
        var scrapes = new Queue<Scrape>();
        try
        {
            while (true)
            {
                var scrape = await scraper.ReadAsync(traffic.Now, cancel);
                scrapes.Enqueue(scrape);
                view.Show(ServiceRow.Between(scrapes.Peek(), scrape));
                if (scrapes.Count > ScrapesShown)
                {
                    scrapes.Dequeue();
                }

                await Task.Delay(s_refresh, time, cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The story is over.
        }
    }

    /// <summary>Leaves the shop to whoever wants to play with it, until it is interrupted.</summary>
    private async Task KeepAsync(Bookshop shop, CancellationToken cancel)
    {
        view.Say($"the shop stays open until Ctrl-C; calls to authors are led by {shop.Files.DtabFile}");
        view.Say($"  curl -i -x http://{shop.Plan.Visitors} http://web/     (a page, as the visitors get it)");
        view.Say($"  curl http://{shop.Plan.VisitorsAdmin}/metrics       (the visitors' proxy)");
        foreach (var machine in shop.Plan.Machines.Where(machine => !shop.IsKilled(machine.Name)))
        {
            view.Say(
                $"  {machine.Name, -11} outbound {machine.Outbound}, inbound {machine.Inbound}, admin {machine.Admin}"
            );
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
