namespace Weft.Net.Tests.Looping;

public sealed class PostTests
{
    [Theory]
    [BothTransports]
    public async Task Posts_of_one_thread_run_in_their_order_on_the_loop(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        var seen = new List<int>();
        for (var i = 0; i < 1000; i++)
        {
            loops.Loop.Post(n => seen.Add(loops.Loop.IsCurrent ? (int)n! : -1), i);
        }

        await loops.RunAsync(_ => Task.CompletedTask); // Comes last.
        Assert.Equal(Enumerable.Range(0, 1000), seen);
    }

    [Theory]
    [BothTransports]
    public async Task Posts_of_many_threads_all_run_each_threads_in_order(Transport transport)
    {
        const int threads = 4;
        const int posts = 2000;
        await using var loops = new TestLoops(transport);
        var next = new int[threads];
        var left = threads * posts;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        void Take(object? posted)
        {
            var (thread, number) = ((int, int))posted!;
            next[thread] = next[thread] == number ? number + 1 : int.MinValue;
            if (--left == 0)
            {
                all.SetResult();
            }
        }

        var senders = Enumerable
            .Range(0, threads)
            .Select(t =>
                Task.Run(() =>
                {
                    for (var i = 0; i < posts; i++)
                    {
                        loops.Loop.Post(Take, (t, i));
                    }
                })
            );
        await Task.WhenAll(senders);
        await TestLoops.WithinPatience(all.Task);
        Assert.All(next, n => Assert.Equal(posts, n));
    }

    [Theory]
    [BothTransports]
    public async Task Every_single_post_wakes_a_loop_that_waits(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        for (var i = 0; i < 500; i++)
        {
            await loops.RunAsync(_ => Task.CompletedTask); // A lost wake-up ends here, by the time limit.
        }
    }

    [Theory]
    [BothTransports]
    public async Task What_is_posted_or_deferred_on_the_loop_runs_when_the_stack_has_unwound(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        var log = new List<string>();
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        loops.Loop.Post(_ =>
        {
            loops.Loop.Post(_ => done.SetResult());
            loops.Loop.Post(_ => log.Add("posted too late"));
            loops.Loop.Defer(_ => log.Add("deferred"), null);
            log.Add("now");
        });
        await TestLoops.WithinPatience(done.Task);
        Assert.Equal(["now", "deferred"], log.Take(2));
    }

    [Theory]
    [BothTransports]
    public async Task An_exception_is_reported_and_the_loop_goes_on(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        var thrown = new FormatException("thrown on purpose");
        loops.Loop.Post(_ => throw thrown);
        loops.Loop.Post(_ => loops.Loop.Defer(_ => throw thrown, null));
        loops.Loop.Post(_ => loops.Loop.SetTimer(new Timers.TestTimer(() => throw thrown), 0));
        await loops.RunAsync(async loop =>
        {
            while (loops.Unhandled.Count < 3)
            {
                _ = await loop.YieldAsync();
            }
        });
        Assert.All(loops.Unhandled, e => Assert.Same(thrown, e));
        loops.Unhandled.Clear();
    }

    [Theory]
    [BothTransports]
    public async Task Those_who_yield_take_turns(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        var log = await loops.RunAsync(async loop =>
        {
            var turns = new List<char>();
            async Task TakeTurnsAsync(char name)
            {
                for (var i = 0; i < 5; i++)
                {
                    turns.Add(name);
                    Assert.True(await loop.YieldAsync());
                }
            }

            var (a, b) = (TakeTurnsAsync('a'), TakeTurnsAsync('b'));
            await a;
            await b;
            return new string([.. turns]);
        });
        Assert.Equal("ababababab", log);
    }

    [Theory]
    [BothTransports]
    public async Task One_who_yields_for_ever_holds_up_neither_posts_nor_timers_nor_connections(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        var pair = await loops.RunAsync(_ => Pair.ConnectAsync(loops));
        var (ended, fired, posted) = (false, false, false);
        await loops.RunAsync(async loop =>
        {
            async Task YieldOnAsync()
            {
                while (!ended)
                {
                    _ = await loop.YieldAsync();
                }
            }

            var yielding = YieldOnAsync();
            loop.SetTimer(new Timers.TestTimer(() => fired = true), 5);
            loop.Post(_ => posted = true);
            Assert.True(await pair.Client.WriteAsync(new byte[] { 1 }));
            Assert.Equal(1, await pair.Server.ReadAsync(new byte[10]));
            while (!fired || !posted)
            {
                _ = await loop.YieldAsync();
            }

            ended = true;
            await yielding;
        });
        Assert.True(fired && posted);
    }
}
