namespace Weft.Resilience.Tests.Breaking;

public sealed class HealthCheckStateTests
{
    [Theory]
    [InlineData(1, 3, "---", "++-")]
    [InlineData(1, 3, "--+--", "+++++")]
    [InlineData(1, 3, "---+", "++-+")]
    [InlineData(2, 1, "-+-++", "----+")]
    [InlineData(2, 2, "+-+-+-", "++++++")]
    public void results_in_a_row_change_the_state(int healthy, int unhealthy, string results, string states)
    {
        var check = new HealthCheckState(healthy, unhealthy);
        var was = check.IsHealthy;
        foreach (var (result, state) in results.Zip(states))
        {
            var changed = check.Observe(result == '+');
            Assert.Equal(state == '+', check.IsHealthy);
            Assert.Equal(was != check.IsHealthy, changed);
            was = check.IsHealthy;
        }
    }

    [Fact]
    public void thresholds_below_one_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new HealthCheckState(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HealthCheckState(1, 0));
    }
}
