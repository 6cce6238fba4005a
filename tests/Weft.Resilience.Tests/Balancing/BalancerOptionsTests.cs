namespace Weft.Resilience.Tests.Balancing;

public sealed class BalancerOptionsTests
{
    [Fact]
    public void options_of_a_balancer_that_are_out_of_bounds_are_refused()
    {
        BalancerOptions[] wrong =
        [
            new() { Decay = TimeSpan.Zero },
            new() { MaxEjected = 1.1 },
            new() { PanicBelow = double.NaN },
            new() { SlowStart = TimeSpan.FromSeconds(-1) },
            new() { SlowStartFrom = 0 },
            new() { Overprovision = 0.9 },
            new() { HashBound = 1 },
            new() { Breaker = new BreakerPolicy { ConsecutiveFailures = 0 } },
            new() { Breaker = new BreakerPolicy { SuccessRate = new SuccessRate(0.8, TimeSpan.Zero, 5) } },
        ];
        Assert.All(
            wrong,
            options =>
                Assert.Throws<ArgumentException>(() => Balancer.Create(BalancerKind.Random, new LoopRandom(1), options))
        );
    }
}
