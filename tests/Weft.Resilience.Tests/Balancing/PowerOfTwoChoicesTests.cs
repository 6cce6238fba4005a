using FsCheck;
using FsCheck.Fluent;

namespace Weft.Resilience.Tests.Balancing;

public sealed class PowerOfTwoChoicesTests
{
    private const int Draws = 40_000;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(10)]
    public void Two_endpoints_of_equal_weight_are_never_the_same(int count)
    {
        var pairs = Pairs([.. Enumerable.Repeat(1.0, count)]);
        Assert.All(Enumerable.Range(0, count), i => Assert.Equal(0, pairs[i, i]));
    }

    [Fact]
    public void Every_pair_occurs()
    {
        var pairs = Pairs([.. Enumerable.Repeat(1.0, 10)]);
        for (var i = 0; i < 10; i++)
        {
            for (var j = 0; j < 10; j++)
                Assert.True(i == j || pairs[i, j] > Draws / 400, $"the pair {i}, {j} came {pairs[i, j]} times");
        }
    }

    [Fact]
    public void Only_an_endpoint_with_more_than_half_of_the_weight_meets_itself_and_no_oftener_than_it_must()
    {
        var pairs = Pairs([7, 2, 1]);
        Assert.Equal(0.4, (double)pairs[0, 0] / Draws, 0.02);
        Assert.Equal(0, pairs[1, 1]);
        Assert.Equal(0, pairs[2, 2]);
    }

    [Fact]
    public void Either_draw_gives_every_endpoint_its_share_whatever_the_weights() =>
        Prop.ForAll(
                Gen.Choose(1, 100).Select(w => (double)w).NonEmptyListOf().Resize(8).ToArbitrary(),
                weights =>
                {
                    var pairs = Pairs([.. weights]);
                    var total = weights.Sum();
                    for (var i = 0; i < weights.Count; i++)
                    {
                        var p = weights[i] / total;
                        var tolerance = 6 * Math.Sqrt(p * (1 - p) / Draws);
                        var first = Enumerable.Range(0, weights.Count).Sum(j => pairs[i, j]);
                        var second = Enumerable.Range(0, weights.Count).Sum(j => pairs[j, i]);
                        Assert.Equal(p, (double)first / Draws, tolerance + 1e-9);
                        Assert.Equal(p, (double)second / Draws, tolerance + 1e-9);
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(30).WithReplay(42, 43));

    private static int[,] Pairs(double[] weights)
    {
        var ready = new ReadyEndpoints(BalancerOptions.Default);
        ready.Fill([.. weights.Select(w => new EndpointLoad(w))], [], evenUnavailable: false, 0);
        var random = new LoopRandom(7);
        var pairs = new int[weights.Length, weights.Length];
        for (var i = 0; i < Draws; i++)
        {
            var (first, second) = PowerOfTwoChoices.Draw(ready, random);
            pairs[first, second]++;
        }

        return pairs;
    }
}
