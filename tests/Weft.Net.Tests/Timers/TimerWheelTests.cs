namespace Weft.Net.Tests.Timers;

public sealed class TimerWheelTests
{
    private const int Tick = TimerWheel.TickMilliseconds;

    // So many milliseconds later the same slot comes round again.
    private const int Round = 2048 * Tick;

    private readonly TimerWheel _wheel = new();
    private long _now;

    [Fact]
    public void A_timer_is_never_early_and_late_by_at_most_a_tick()
    {
        foreach (var delay in Enumerable.Range(0, 40).Concat([Round - 1, Round, Round + 1, (3 * Round) + 5]))
        {
            for (var phase = 0; phase < 2 * Tick; phase++)
            {
                Pass(phase);
                var deadline = _now + delay;
                long? fired = null;
                var timer = new TestTimer(() => fired = _now);
                _wheel.Set(timer, _now, delay);
                while (fired is null)
                {
                    Assert.True(timer.IsSet);
                    Assert.True(_now <= deadline + Tick, $"delay {delay}: still waiting {_now - deadline} ms late");
                    Pass(1);
                }

                Assert.True(fired >= deadline, $"delay {delay}: {deadline - fired} ms early");
                Assert.False(timer.IsSet);
                Assert.Equal(0, _wheel.Count);
            }
        }
    }

    [Fact]
    public void A_timer_moved_later_runs_once_at_the_later_time()
    {
        var timer = Set(10);
        Pass(5);
        _wheel.Set(timer, _now, 100);
        Pass(99);
        Assert.Equal(0, timer.Runs);
        Pass(1 + Tick);
        Assert.Equal(1, timer.Runs);
        Pass(Round);
        Assert.Equal(1, timer.Runs);
    }

    [Fact]
    public void A_timer_moved_earlier_runs_once_at_the_earlier_time()
    {
        var timer = Set(1000);
        _wheel.Set(timer, _now, 10);
        Pass(10 + Tick);
        Assert.Equal(1, timer.Runs);
        Pass(2000);
        Assert.Equal(1, timer.Runs);
    }

    [Fact]
    public void Moving_one_timer_of_a_slot_leaves_the_others_in_it()
    {
        for (var moved = 0; moved < 3; moved++)
        {
            var timers = new[] { Set(500), Set(500), Set(500) };
            _wheel.Set(timers[moved], _now, 10);
            Pass(10 + Tick);
            Assert.Equal(1, timers.Sum(t => t.Runs));
            Pass(500);
            Assert.All(timers, t => Assert.Equal(1, t.Runs));
        }
    }

    [Fact]
    public void A_cleared_timer_does_not_run_and_leaves_the_wheel()
    {
        var timer = Set(10);
        TimerWheel.Clear(timer);
        Assert.False(timer.IsSet);
        Pass(Round);
        Assert.Equal(0, timer.Runs);
        Assert.Equal(0, _wheel.Count);
        Assert.Equal(-1, _wheel.MillisecondsToNext(_now));
    }

    [Fact]
    public void A_cleared_timer_can_be_set_again_earlier_and_later()
    {
        foreach (var delay in new[] { 10, 1000 })
        {
            var timer = Set(100);
            TimerWheel.Clear(timer);
            _wheel.Set(timer, _now, delay);
            Pass(delay - 1);
            Assert.Equal(0, timer.Runs);
            Pass(1 + Tick);
            Assert.Equal(1, timer.Runs);
        }
    }

    [Fact]
    public void Timers_of_later_rounds_stay_when_others_of_their_slot_run()
    {
        // Whole rounds apart, so all of them lie in one slot, and in every order of setting.
        int[][] orders =
        [
            [0, 1, 2, 3],
            [3, 2, 1, 0],
            [1, 3, 0, 2],
            [2, 0, 3, 1],
            [3, 0, 0, 3],
        ];
        foreach (var order in orders)
        {
            var timers = order.Select(rounds => (Rounds: rounds, Timer: Set(40 + (rounds * Round)))).ToList();
            for (var round = 0; round < 4; round++)
            {
                Pass(round == 0 ? 40 + Tick : Round);
                Assert.All(timers, t => Assert.Equal(t.Rounds <= round ? 1 : 0, t.Timer.Runs));
            }
        }
    }

    [Fact]
    public void A_callback_may_set_its_own_timer_again()
    {
        TestTimer timer = null!;
        timer = new TestTimer(() => _wheel.Set(timer, _now, 0));
        _wheel.Set(timer, _now, 0);
        for (var runs = 1; runs <= 5; runs++)
        {
            Pass(Tick);
            Assert.Equal(runs, timer.Runs);
        }
    }

    [Fact]
    public void What_a_callback_sets_without_delay_runs_in_a_later_tick()
    {
        var inner = new TestTimer(() => { });
        var outer = new TestTimer(() => _wheel.Set(inner, _now, 0));
        _wheel.Set(outer, _now, 10);
        Pass(500); // A stall: many ticks at once, and the new timer belongs behind all of them.
        Assert.Equal(0, inner.Runs);
        Pass(Tick);
        Assert.Equal(1, inner.Runs);
    }

    [Fact]
    public void A_callback_may_clear_move_and_set_others_of_its_tick()
    {
        var others = new List<TestTimer>();
        var acted = false;
        Action act = () =>
        {
            if (!acted)
            {
                acted = true;
                var left = others.Where(t => t.IsSet).ToList();
                TimerWheel.Clear(left[0]);
                _wheel.Set(left[1], _now, 50);
                _wheel.Set(left[2], _now, Round - Tick); // The slot that is being run, one round on.
            }
        };
        for (var i = 0; i < 6; i++)
        {
            var timer = new TestTimer(act);
            others.Add(timer);
            _wheel.Set(timer, _now, 10);
        }

        Pass(10 + Tick);
        Assert.Equal(3, others.Sum(t => t.Runs));
        Pass(50 + Tick);
        Assert.Equal(4, others.Sum(t => t.Runs));
        Pass(Round);
        Assert.Equal(5, others.Sum(t => t.Runs));
        Assert.Equal(0, _wheel.Count);
    }

    [Fact]
    public void A_callback_that_throws_keeps_nobody_from_his_turn()
    {
        var timers = new List<TestTimer>();
        for (var i = 0; i < 5; i++)
        {
            timers.Add(new TestTimer(() => throw new InvalidOperationException("thrown on purpose")));
            _wheel.Set(timers[i], _now, 10 + (i / 3 * Tick));
        }

        _now += 100;
        for (var thrown = 0; thrown < 5; thrown++)
        {
            Assert.Equal(0, _wheel.MillisecondsToNext(_now));
            Assert.Throws<InvalidOperationException>(() => _wheel.Advance(_now));
        }

        _wheel.Advance(_now);
        Assert.All(timers, t => Assert.Equal(1, t.Runs));
        Assert.Equal(0, _wheel.Count);
    }

    [Theory]
    [InlineData(Round - 1)]
    [InlineData(Round)]
    [InlineData(Round + Tick)]
    [InlineData(50 * Round)]
    [InlineData(3_600_000)]
    public void After_a_stall_everything_due_runs_at_once_and_nothing_else(int stall)
    {
        Pass(17);
        var due = new[] { 0, 1, 100, 5000, stall - (2 * Tick) }.Select(Set).ToList();
        var later = new[] { stall + 1, stall + 500, stall + Round, stall * 2 }.Select(Set).ToList();
        Pass(stall);
        Assert.All(due, t => Assert.Equal(1, t.Runs));
        Assert.All(later, t => Assert.Equal(0, t.Runs));
        Pass((stall * 2) + Round);
        Assert.All(later, t => Assert.Equal(1, t.Runs));
    }

    [Fact]
    public void A_wheel_that_was_idle_for_long_takes_timers_as_before()
    {
        _now = 10_000_000; // Nobody advanced it.
        var timer = Set(20);
        Assert.Equal(0, timer.Runs);
        Pass(19);
        Assert.Equal(0, timer.Runs);
        Pass(1 + Tick);
        Assert.Equal(1, timer.Runs);
    }

    [Fact]
    public void The_longest_delay_is_no_overflow()
    {
        Pass(1000);
        var timer = Set(long.MaxValue);
        Pass(10 * Round);
        Assert.Equal(0, timer.Runs);
        Assert.True(timer.IsSet);
    }

    [Fact]
    public void A_negative_delay_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _wheel.Set(new TestTimer(() => { }), 0, -1));

    [Fact]
    public void Nothing_set_means_nothing_to_wait_for() => Assert.Equal(-1, _wheel.MillisecondsToNext(_now));

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(250)]
    [InlineData(Round - Tick)]
    public void The_next_wait_ends_when_the_timer_is_due(int delay)
    {
        Pass(6);
        var timer = Set(delay);
        var wait = _wheel.MillisecondsToNext(_now);
        Assert.InRange(wait, delay, delay + Tick);
        Pass(wait);
        Assert.Equal(1, timer.Runs);
    }

    private TestTimer Set(int delay) => Set((long)delay);

    private TestTimer Set(long delay)
    {
        var timer = new TestTimer(() => { });
        _wheel.Set(timer, _now, delay);
        return timer;
    }

    private void Pass(long milliseconds)
    {
        _now += milliseconds;
        _wheel.Advance(_now);
    }
}
