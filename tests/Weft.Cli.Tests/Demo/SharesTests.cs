using Weft.Cli.Demo;

namespace Weft.Cli.Tests.Demo;

public class SharesTests
{
    [Theory]
    [InlineData(40, 400, 0.1)]
    [InlineData(63, 400, 0.1)] // 40 + 4 * 6 - 1
    [InlineData(17, 400, 0.1)]
    [InlineData(175, 400, 0.4375)]
    public void A_share_that_chance_explains_fits(int hits, int count, double expected) =>
        Assert.True(Shares.Fit(hits, count, expected));

    [Theory]
    [InlineData(65, 400, 0.1)]
    [InlineData(15, 400, 0.1)]
    [InlineData(0, 400, 0.1)]
    [InlineData(400, 400, 0.1)]
    [InlineData(130, 400, 0.4375)]
    [InlineData(0, 0, 0.1)]
    public void A_share_that_chance_does_not_explain_does_not_fit(int hits, int count, double expected) =>
        Assert.False(Shares.Fit(hits, count, expected));

    [Fact]
    public void A_true_share_hardly_ever_fails_to_fit()
    {
        var random = new Random(11);
        var misfits = Enumerable
            .Range(0, 5_000)
            .Count(_ => !Shares.Fit(Enumerable.Range(0, 160).Count(_ => random.NextDouble() < 0.1), 160, 0.1));
        Assert.InRange(misfits, 0, 5);
    }

    [Theory]
    [InlineData(1, 2, "50.0 %")]
    [InlineData(99_999, 100_000, "99.9 %")]
    [InlineData(7, 7, "100.0 %")]
    [InlineData(0, 0, "-")]
    public void Shares_are_never_rounded_up_to_all(int part, int whole, string text) =>
        Assert.Equal(text, Shares.Text(part, whole));

    [Theory]
    [InlineData(8, 160)]
    [InlineData(15, 300)]
    [InlineData(40, 600)]
    [InlineData(600, 600)]
    public void Evidence_grows_with_the_time_that_there_is(int seconds, int wanted) =>
        Assert.Equal(wanted, Evidence.For(TimeSpan.FromSeconds(seconds), rate: 200).Wanted);
}
