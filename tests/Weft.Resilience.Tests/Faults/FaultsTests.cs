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
    public void delays_and_aborts_have_chances_of_their_own()
    {
        var faults = new FaultInjection(TimeSpan.FromMilliseconds(5), new Percentage(0.5), 503, new Percentage(0.5));
        var random = new LoopRandom(6);
        var decided = Enumerable.Range(0, Draws).Select(_ => faults.Decide(random)).CountBy(fault => fault).ToArray();
        Assert.Equal(4, decided.Length);
        Assert.All(decided, pair => Assert.Equal(0.25, pair.Value / (double)Draws, 0.01));
        Assert.Contains(decided, pair => pair.Key == new InjectedFault(5 * Nanoseconds.PerMillisecond, 503));
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            new FaultInjection(TimeSpan.Zero, Percentage.None, 42, new Percentage(1))
        );
    }

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
