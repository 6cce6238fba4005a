using FsCheck;
using FsCheck.Fluent;

namespace Weft.Resilience.Tests.Retries;

public sealed class BackoffTests
{
    private const int Draws = 20_000;
    private static readonly TimeSpan Base = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Max = TimeSpan.FromMilliseconds(1000);

    [Fact]
    public void without_jitter_waits_double_up_to_the_maximum()
    {
        var backoff = new Backoff(Base, Max, BackoffJitter.None);
        long[] expected = [100, 200, 400, 800, 1000, 1000];
        Assert.Equal(expected, Enumerable.Range(1, 6).Select(n => backoff.Delay(n, 0, new LoopRandom(1)) / 1_000_000));
        Assert.Equal(1000, backoff.Delay(int.MaxValue, 0, new LoopRandom(1)) / 1_000_000);
    }

    [Theory]
    [InlineData(BackoffJitter.Full, 1, 0, 100)]
    [InlineData(BackoffJitter.Full, 3, 0, 400)]
    [InlineData(BackoffJitter.Full, 9, 0, 1000)]
    [InlineData(BackoffJitter.Equal, 1, 50, 100)]
    [InlineData(BackoffJitter.Equal, 3, 200, 400)]
    [InlineData(BackoffJitter.Equal, 9, 500, 1000)]
    [InlineData(BackoffJitter.Decorrelated, 1, 100, 300)]
    public void jittered_waits_fill_their_range_evenly_from_the_first_on(
        BackoffJitter jitter,
        int failures,
        double low,
        double high
    )
    {
        var backoff = new Backoff(Base, Max, jitter);
        var random = new LoopRandom(5);
        var waits = Enumerable.Range(0, Draws).Select(_ => backoff.Delay(failures, 0, random) / 1e6).ToArray();
        Assert.All(waits, wait => Assert.InRange(wait, low, high));
        Assert.Equal((low + high) / 2, waits.Average(), (high - low) * 0.02);
        Assert.True(waits.Min() < low + ((high - low) * 0.01));
        Assert.True(waits.Max() > high - ((high - low) * 0.01));
    }

    [Fact]
    public void a_decorrelated_wait_is_at_most_three_times_the_last_and_may_be_shorter()
    {
        var backoff = new Backoff(Base, Max, BackoffJitter.Decorrelated);
        var random = new LoopRandom(5);
        var waits = Enumerable.Range(0, Draws).Select(_ => backoff.Delay(4, 200_000_000, random) / 1e6).ToArray();
        Assert.All(waits, wait => Assert.InRange(wait, 100, 600));
        Assert.Contains(waits, wait => wait < 200);
        Assert.Contains(waits, wait => wait > 590);
    }

    [Fact]
    public void every_wait_is_within_its_bounds_whatever_the_parameters() =>
        Prop.ForAll(
                Gen.Choose(1, int.MaxValue)
                    .Four()
                    .Select(n => (Base: (long)n.Item1, Max: (long)n.Item2 * n.Item3, Failures: n.Item4))
                    .ToArbitrary(),
                n =>
                {
                    var first = TimeSpan.FromTicks(Math.Min(n.Base, n.Max));
                    var max = TimeSpan.FromTicks(n.Max);
                    var random = new LoopRandom((ulong)n.Base);
                    foreach (var jitter in Enum.GetValues<BackoffJitter>())
                    {
                        var backoff = new Backoff(first, max, jitter);
                        var wait = 0L;
                        for (var i = 1; i < 70; i++)
                        {
                            wait = backoff.Delay(i, wait, random);
                            Assert.InRange(wait, 0, Nanoseconds.Of(max));
                        }

                        Assert.InRange(backoff.Delay(n.Failures, long.MaxValue, random), 0, Nanoseconds.Of(max));
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithReplay(7, 9));

    [Fact]
    public void what_is_no_backoff_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Backoff(TimeSpan.Zero, Max, BackoffJitter.Full));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Backoff(Max, Base, BackoffJitter.Full));
        var backoff = new Backoff(Base, Max, BackoffJitter.Full);
        Assert.Throws<ArgumentOutOfRangeException>(() => backoff.Delay(0, 0, new LoopRandom(1)));
    }
}
