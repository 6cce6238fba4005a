using static Weft.Resilience.Nanoseconds;

namespace Weft.Resilience.Tests.Limits;

public sealed class LoadShedderTests
{
    [Fact]
    public void waits_that_never_end_shed_more_and_more_and_short_ones_end_it()
    {
        var shedder = new LoadShedder(LoadShedderOptions.Default, null, new LoopRandom(2));
        Feed(shedder, 0, 350, 20);
        Assert.Equal(0.3, shedder.ShedShare, 0.001);
        Feed(shedder, 350, 5000, 20);
        Assert.Equal(0.95, shedder.ShedShare, 0.001);
        var shed = Feed(shedder, 5000, 6000, 20);
        Assert.InRange(shed, 930, 970);
        Feed(shedder, 6000, 7000, 1);
        Assert.Equal(0, shedder.ShedShare);
    }

    [Fact]
    public void one_short_wait_in_an_interval_shows_that_the_queue_empties()
    {
        var shedder = new LoadShedder(LoadShedderOptions.Default, null, new LoopRandom(2));
        for (var i = 0; i < 1000; i++)
            shedder.Admit(i * PerMillisecond, (i % 50 == 0 ? 1 : 500) * PerMillisecond);
        Assert.Equal(0, shedder.ShedShare);
    }

    [Fact]
    public void beyond_the_limit_in_flight_requests_are_turned_away()
    {
        var limit = new AdaptiveLimit(new AdaptiveLimitOptions { Initial = 2 }, new LoopRandom(2));
        var shedder = new LoadShedder(LoadShedderOptions.Default, limit, new LoopRandom(2));
        Assert.Equal(ShedReason.None, shedder.Admit(0, 0));
        Assert.Equal(ShedReason.None, shedder.Admit(0, 0));
        Assert.Equal(ShedReason.Concurrency, shedder.Admit(0, 0));
        shedder.Exit(1, 1, CallOutcome.Ignored);
        Assert.Equal(ShedReason.None, shedder.Admit(1, 0));
    }

    private static int Feed(LoadShedder shedder, int fromMilliseconds, int toMilliseconds, int delayMilliseconds) =>
        Enumerable
            .Range(fromMilliseconds, toMilliseconds - fromMilliseconds)
            .Count(at => shedder.Admit(at * PerMillisecond, delayMilliseconds * PerMillisecond) == ShedReason.Delay);
}
