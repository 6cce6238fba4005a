namespace Weft.Net.Tests.Timers;

/// <summary>The wheel against a model that anyone can check: a table of deadlines.</summary>
public sealed class TimerWheelModelTests
{
    private const int Tick = TimerWheel.TickMilliseconds;
    private const int Round = 2048 * Tick;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void It_runs_what_the_model_says_when_the_model_says(int seed) => new Run(seed).Go(steps: 20_000);

    private sealed class Run
    {
        private readonly Random _random;
        private readonly TimerWheel _wheel = new();
        private readonly TestTimer[] _timers;
        private readonly long?[] _deadlines;
        private long _now;

        public Run(int seed)
        {
            _random = new Random(seed);
            _timers = [.. Enumerable.Range(0, 200).Select(i => new TestTimer(() => OnDue(i)))];
            _deadlines = new long?[_timers.Length];
        }

        public void Go(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                switch (_random.Next(10))
                {
                    case < 5:
                        Set(_random.Next(_timers.Length));
                        break;
                    case < 6:
                        Clear(_random.Next(_timers.Length));
                        break;
                    case < 8:
                        Advance(_now + Duration());
                        break;
                    default:
                        Sleep();
                        break;
                }
            }

            while (_deadlines.Any(d => d is not null))
            {
                Sleep();
            }
        }

        /// <summary>What a loop does: waits as long as the wheel allows, and must not be late then.</summary>
        private void Sleep()
        {
            var wait = _wheel.MillisecondsToNext(_now);
            var next = _deadlines.Min();
            if (next is null)
            {
                Assert.True(wait >= -1);
                return;
            }

            Assert.True(wait >= 0, "there is a timer, and the wheel would wait for ever");
            Assert.True(_now + wait <= Math.Max(next.Value + Tick, _now), $"waits {wait} ms past {next} at {_now}");
            Advance(_now + Math.Max(wait, 1));
        }

        private void Advance(long now)
        {
            _now = now;
            _wheel.Advance(now);
            for (var i = 0; i < _timers.Length; i++)
            {
                Assert.Equal(_deadlines[i] is not null, _timers[i].IsSet);
                Assert.False(_deadlines[i] + Tick <= _now, $"timer {i}, due at {_deadlines[i]}, has not run at {_now}");
            }
        }

        private void OnDue(int i)
        {
            Assert.True(_deadlines[i] <= _now, $"timer {i}, due at {_deadlines[i]}, runs at {_now}");
            _deadlines[i] = null;
            switch (_random.Next(8))
            {
                case 0:
                    Set(i);
                    break;
                case 1:
                    Set(_random.Next(_timers.Length));
                    break;
                case 2:
                    Clear(_random.Next(_timers.Length));
                    break;
                default:
                    break;
            }
        }

        private void Set(int i)
        {
            var delay = Duration();
            _deadlines[i] = _now + delay;
            _wheel.Set(_timers[i], _now, delay);
        }

        private void Clear(int i)
        {
            _deadlines[i] = null;
            TimerWheel.Clear(_timers[i]);
        }

        // Short ones, long ones, and whole rounds, where slots meet.
        private int Duration() =>
            _random.Next(8) switch
            {
                0 => 0,
                < 4 => _random.Next(60),
                4 => _random.Next(3000),
                5 => _random.Next(5 * Round),
                _ => Math.Max(0, (_random.Next(1, 4) * Round) + _random.Next(-Tick, Tick)),
            };
    }
}
