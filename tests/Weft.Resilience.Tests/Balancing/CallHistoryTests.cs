using static Weft.Resilience.Tests.Balancing.BalancerBench;

namespace Weft.Resilience.Tests.Balancing;

public sealed class CallHistoryTests
{
    private const double Decay = 10.0 * Second;
    private CallHistory _history;

    [Fact]
    public void The_first_observation_is_taken_as_it_is()
    {
        _history.Observe(0, 100 * Millisecond, CallOutcome.Success, Decay);
        Assert.Equal(100 * Millisecond, _history.Latency(0, Decay));
    }

    [Fact]
    public void An_idle_endpoint_decays_to_1_over_e_in_one_decay_time()
    {
        _history.Observe(0, 100 * Millisecond, CallOutcome.Success, Decay);
        Assert.Equal(36.7879 * Millisecond, _history.Latency(10 * Second, Decay), 100.0);
        Assert.Equal(13.5335 * Millisecond, _history.Latency(20 * Second, Decay), 100.0);
    }

    [Fact]
    public void A_slower_call_counts_whole_and_at_once()
    {
        _history.Observe(0, 10 * Millisecond, CallOutcome.Success, Decay);
        _history.Observe(1, 900 * Millisecond, CallOutcome.Success, Decay);
        Assert.Equal(900 * Millisecond, _history.Latency(1, Decay));
    }

    [Fact]
    public void A_faster_call_counts_by_the_time_that_passed()
    {
        _history.Observe(0, 100 * Millisecond, CallOutcome.Success, Decay);
        _history.Observe(5 * Second, 20 * Millisecond, CallOutcome.Success, Decay);
        // w = exp(-0.5) = 0.606531; 20 * (1 - w) + 100 * w = 68.5225
        Assert.Equal(68.5225 * Millisecond, _history.Latency(5 * Second, Decay), 100.0);
    }

    [Fact]
    public void A_call_slower_than_what_decay_left_counts_whole_though_it_is_below_the_old_peak()
    {
        _history.Observe(0, 100 * Millisecond, CallOutcome.Success, Decay);
        _history.Observe(10 * Second, 40 * Millisecond, CallOutcome.Success, Decay);
        Assert.Equal(40 * Millisecond, _history.Latency(10 * Second, Decay));
    }

    [Fact]
    public void Failures_are_expected_by_the_time_that_they_filled()
    {
        _history.Observe(0, 5 * Millisecond, CallOutcome.Success, Decay);
        Assert.Equal(0, _history.FailureOdds(0, Decay));
        _history.Observe(5 * Second, 1 * Millisecond, CallOutcome.Failure, Decay);
        // share = 1 - exp(-0.5) = 0.393469; odds = 0.648721
        Assert.Equal(0.648721, _history.FailureOdds(5 * Second, Decay), 1e-6);
        // share after another 10 s = 0.144749; odds = 0.169248
        Assert.Equal(0.169248, _history.FailureOdds(15 * Second, Decay), 1e-6);
    }

    [Fact]
    public void A_fast_failure_is_no_sign_of_speed_and_a_slow_one_is_a_sign_of_slowness()
    {
        _history.Observe(0, 100 * Millisecond, CallOutcome.Success, Decay);
        _history.Observe(5 * Second, 0, CallOutcome.Failure, Decay);
        Assert.Equal(60.6531 * Millisecond, _history.Latency(5 * Second, Decay), 100.0);
        _history.Observe(6 * Second, 2 * Second, CallOutcome.Failure, Decay);
        Assert.Equal(2 * Second, _history.Latency(6 * Second, Decay));
    }

    [Fact]
    public void An_ignored_call_only_tells_that_it_took_at_least_so_long()
    {
        _history.Observe(0, 1, CallOutcome.Ignored, Decay);
        Assert.True(_history.IsCold(0, Decay));
        _history.Observe(0, 100 * Millisecond, CallOutcome.Success, Decay);
        _history.Observe(5 * Second, 1 * Millisecond, CallOutcome.Ignored, Decay);
        Assert.Equal(60.6531 * Millisecond, _history.Latency(5 * Second, Decay), 100.0);
        _history.Observe(5 * Second, 3 * Second, CallOutcome.Ignored, Decay);
        Assert.Equal(3 * Second, _history.Latency(5 * Second, Decay));
    }

    [Fact]
    public void A_measurement_older_than_five_decay_times_tells_nothing()
    {
        Assert.True(_history.IsCold(0, Decay));
        _history.Observe(0, Millisecond, CallOutcome.Success, Decay);
        Assert.False(_history.IsCold(50 * Second, Decay));
        Assert.True(_history.IsCold((50 * Second) + 1, Decay));
    }

    [Fact]
    public void A_clock_that_steps_back_changes_nothing()
    {
        _history.Observe(10 * Second, 100 * Millisecond, CallOutcome.Success, Decay);
        _history.Observe(1 * Second, 50 * Millisecond, CallOutcome.Success, Decay);
        Assert.Equal(100 * Millisecond, _history.Latency(1 * Second, Decay));
        Assert.Equal(100 * Millisecond, _history.Latency(10 * Second, Decay));
    }
}
