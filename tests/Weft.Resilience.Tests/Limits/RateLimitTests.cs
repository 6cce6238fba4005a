using System.Text;
using FsCheck;
using FsCheck.Fluent;
using static Weft.Resilience.Nanoseconds;

namespace Weft.Resilience.Tests.Limits;

public sealed class RateLimitTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void a_full_bucket_holds_a_period_and_the_burst()
    {
        var limit = new RateLimit(100, Second, burst: 20);
        Assert.Equal(120, Enumerable.Range(0, 200).Count(_ => limit.Take(5) == 0));
    }

    [Fact]
    public void the_wait_is_exactly_until_the_next_token()
    {
        var limit = new RateLimit(4, Second);
        Assert.All(Enumerable.Range(0, 4), _ => Assert.Equal(0, limit.Take(0)));
        Assert.Equal(PerSecond / 4, limit.Take(0));
        Assert.Equal(1, limit.Take((PerSecond / 4) - 1));
        Assert.Equal(0, limit.Take(PerSecond / 4));
        Assert.Equal(PerSecond / 4, limit.Take(PerSecond / 4));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(PerSecond, 1)]
    [InlineData(PerSecond + 1, 2)]
    [InlineData(60 * PerSecond, 60)]
    public void retry_after_is_in_whole_seconds_and_never_too_early(long wait, long seconds) =>
        Assert.Equal(seconds, RateLimit.RetryAfterSeconds(wait));

    [Fact]
    public void an_idle_bucket_fills_up_and_not_over()
    {
        var limit = new RateLimit(10, Second);
        limit.Take(0);
        Assert.Equal(10, Enumerable.Range(0, 50).Count(_ => limit.Take(3600 * PerSecond) == 0));
    }

    [Fact]
    public void no_history_gets_more_than_capacity_and_rate_allow_nor_less() =>
        Prop.ForAll(
                Gen.Choose(1, 1000).Three().Zip(Gen.Choose(0, 20_000_000).NonEmptyListOf().Resize(200)).ToArbitrary(),
                n =>
                {
                    var ((requests, burst, start), waits) = n;
                    var limit = new RateLimit(requests, Second, burst);
                    var (now, passed) = ((long)start, 0);
                    foreach (var wait in waits)
                    {
                        now += wait;
                        var answer = limit.Take(now);
                        passed += answer == 0 ? 1 : 0;
                        var allowed = requests + burst + ((now - start) / 1e9 * requests);
                        Assert.True(passed <= allowed + 1e-3);
                        Assert.True(answer == 0 || passed + 1 > allowed - 1e-3 || answer <= PerSecond / requests + 1);
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithReplay(23, 29));

    [Fact]
    public void loops_share_one_limit_exactly()
    {
        var limit = new RateLimit(1000, Second);
        var passed = 0;
        Parallel.For(
            0,
            4,
            _ =>
            {
                for (var i = 0; i < 1000; i++)
                {
                    if (limit.Take(0) == 0)
                        Interlocked.Increment(ref passed);
                }
            }
        );
        Assert.Equal(1000, passed);
    }

    [Fact]
    public void each_key_has_a_bucket_of_its_own()
    {
        var limit = new KeyedRateLimit(2, Second, 0, keys: 1024, seed: 42);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(0, limit.Take(Key(i), 0));
            Assert.Equal(0, limit.Take(Key(i), 0));
            Assert.Equal(PerSecond / 2, limit.Take(Key(i), 0));
        }

        Assert.Equal(0, limit.Take(Key(7), PerSecond / 2));
    }

    [Fact]
    public void keys_that_are_idle_make_way_without_loss()
    {
        var limit = new KeyedRateLimit(1, Second, 0, keys: 8, seed: 42);
        for (var i = 0; i < 1000; i++)
        {
            var now = i * PerSecond / 4; // Four busy at a time, in eight places.
            Assert.Equal(0, limit.Take(Key(i), now));
            Assert.NotEqual(0, limit.Take(Key(i), now));
            Assert.True(i < 3 || limit.Take(Key(i - 3), now) > 0);
        }
    }

    [Fact]
    public void inventing_keys_gets_no_more_than_the_places_of_the_table()
    {
        var limit = new KeyedRateLimit(5, Second, 0, keys: 64, seed: 42);
        Assert.InRange(Enumerable.Range(0, 100_000).Count(i => limit.Take(Key(i), 0) == 0), 1, 64 * 5);
    }

    [Fact]
    public void what_is_no_limit_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RateLimit(0, Second));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RateLimit(1, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RateLimit(1, Second, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new KeyedRateLimit(1, Second, 0, 0, 1));
    }

    private static byte[] Key(int i) => Encoding.ASCII.GetBytes($"client-{i}");
}
