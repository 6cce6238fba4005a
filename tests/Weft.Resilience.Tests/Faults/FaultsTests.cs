namespace Weft.Resilience.Tests.Faults;

public sealed class FaultsTests
{
    private const int Draws = 100_000;

    [Theory]
    [InlineData(0)]
    [InlineData(0.001)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void a_share_is_hit_as_often_as_it_says(double share)
    {
        var percentage = new Percentage(share);
        var random = new LoopRandom(6);
        var hits = Enumerable.Range(0, Draws).Count(_ => percentage.Hits(random));
        Assert.Equal(share, hits / (double)Draws, (5 * Math.Sqrt(share * (1 - share) / Draws)) + 1e-12);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void what_is_no_share_is_refused(double share) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Percentage(share));

    [Fact]
    public void copies_have_a_bound_and_those_that_are_dropped_are_counted()
    {
        var mirroring = new Mirroring(new Percentage(1), maxInFlight: 2);
        var random = new LoopRandom(6);
        Assert.True(mirroring.TryBegin(random) && mirroring.TryBegin(random));
        Assert.False(mirroring.TryBegin(random));
        Assert.Equal(1, mirroring.Dropped);
        mirroring.End();
        Assert.True(mirroring.TryBegin(random));
        Assert.Throws<InvalidOperationException>(() => new Mirroring(Percentage.None, 1).End());
    }
}
