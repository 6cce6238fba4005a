using Weft.Api.Client;

namespace Weft.Api.Tests.Client;

public sealed class BackoffTests
{
    [Fact]
    public void delays_are_spread_from_the_first_one_on_and_bounded()
    {
        var first = Enumerable.Range(0, 200).Select(seed => New(seed).Next()).ToArray();
        Assert.All(first, d => Assert.InRange(d, TimeSpan.Zero, TimeSpan.FromSeconds(1)));
        Assert.True(first.Distinct().Count() > 190, "proxies that fail together would come back together");

        var backoff = New(1);
        for (var attempt = 0; attempt < 100; attempt++)
        {
            Assert.InRange(backoff.Next(), TimeSpan.Zero, TimeSpan.FromSeconds(Math.Min(30, Math.Pow(2, attempt))));
        }
    }

    [Fact]
    public void after_a_good_connection_it_begins_anew()
    {
        var backoff = New(3);
        for (var i = 0; i < 10; i++)
        {
            backoff.Next();
        }

        backoff.Reset();
        Assert.InRange(backoff.Next(), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    private static Backoff New(int seed) => new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), new Random(seed));
}
