namespace Weft.Net.Tests.Looping;

public sealed class LoopTimerTests
{
    [Theory]
    [BothTransports]
    public async Task Timers_fire_in_the_order_of_their_deadlines_and_none_early(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        var fired = await loops.RunAsync(async loop =>
        {
            var start = loop.NowMilliseconds;
            var inbox = new Inbox<(int Delay, long After)>();
            foreach (var delay in new[] { 60, 1, 90, 30 })
            {
                loop.SetTimer(
                    new Timers.TestTimer(() => inbox.Add((delay, (loop.NowNanoseconds / 1_000_000) - start))),
                    delay
                );
            }

            var order = new List<(int Delay, long After)>();
            while (order.Count < 4)
            {
                order.Add(await inbox.NextAsync());
            }

            return order;
        });
        Assert.Equal([1, 30, 60, 90], fired.Select(f => f.Delay));
        Assert.All(fired, f => Assert.True(f.After >= f.Delay, $"{f.Delay} ms timer fired after {f.After} ms"));
    }

    [Theory]
    [BothTransports]
    public async Task A_timer_that_is_always_moved_later_never_fires_and_a_cleared_one_neither(Transport transport)
    {
        await using var loops = new TestLoops(transport);
        await loops.RunAsync(async loop =>
        {
            var moved = new Timers.TestTimer(() => { });
            var cleared = new Timers.TestTimer(() => { });
            loop.SetTimer(moved, 5);
            loop.SetTimer(cleared, 5);
            TimerWheel.Clear(cleared);
            var end = loop.NowMilliseconds + 60;
            var beat = new Inbox<bool>();
            var step = new Timers.TestTimer(() => beat.Add(true));
            while (loop.NowMilliseconds < end)
            {
                loop.SetTimer(moved, 10_000);
                loop.SetTimer(step, 5);
                _ = await beat.NextAsync();
            }

            Assert.Equal(0, moved.Runs);
            Assert.Equal(0, cleared.Runs);
        });
    }
}
