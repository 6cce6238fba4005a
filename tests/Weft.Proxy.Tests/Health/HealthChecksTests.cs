using System.Collections.Concurrent;
using System.Net;
using Weft.Net;
using Weft.Resources;
using Weft.Telemetry;

namespace Weft.Proxy.Tests;

/// <summary>When checks are made, and who hears of them.</summary>
public sealed class HealthChecksTests : IAsyncDisposable
{
    private static readonly HealthCheckSpec s_spec = new()
    {
        Kind = HealthCheckKind.Tcp,
        Interval = TimeSpan.FromSeconds(4),
        Unhealthy = 2,
        Healthy = 2,
    };

    private static readonly HealthResult s_refused = new(HealthOutcome.ConnectFailed, "connection refused");

    private readonly VirtualTime _time = new();
    private readonly MetricRegistry _registry = new(TimeProvider.System);
    private readonly StringWriter _logged = new();
    private readonly Log _log;
    private readonly LoopGroup _loops;
    private readonly ScriptedProbe _probe = new();
    private readonly HealthChecks _checks;

    public HealthChecksTests()
    {
        _log = new Log(_logged, TimeProvider.System);
        _loops = new LoopGroup(1, _time, e => Assert.Fail(e.ToString()));
        _checks = new HealthChecks(_probe, new ProxyMetrics(_registry), _log, _time, new Random(3));
    }

    public async ValueTask DisposeAsync()
    {
        await _checks.DisposeAsync();
        await _loops.StopAsync();
        _log.Dispose();
        Assert.DoesNotContain("defect", _logged.ToString(), StringComparison.Ordinal);
        await _logged.DisposeAsync();
    }

    [Fact]
    public async Task First_checks_are_spread_over_the_interval()
    {
        var ends = Enumerable.Range(1, 100).Select(port => Watch(Target(port))).ToArray();

        _time.Advance(s_spec.Interval / 4);
        await Eventually.HoldsAsync(() => _probe.Asked > 10, "the first quarter");
        Assert.InRange(_probe.Asked, 10, 45);
        _time.Advance(s_spec.Interval * 3 / 4);
        await Eventually.HoldsAsync(() => _probe.Targets.Count == 100, "all of them");

        Assert.Equal(100, ends.Length);
    }

    [Fact]
    public async Task Whoever_wants_to_know_the_same_shares_one_check_and_is_told()
    {
        var first = Watch(Target(1));
        var second = Watch(Target(1));
        var other = Watch(Target(1) with { Spec = s_spec with { Unhealthy = 1 } });
        Assert.Equal(2, _checks.Count);
        _probe.Answer = s_refused;

        await PassAsync(() => first.Heard.Count == 1 && second.Heard.Count == 1 && other.Heard.Count == 1);

        Assert.All(
            (Watched[])[first, second, other],
            w => Assert.Equal(new HealthVerdict(IsHealthy: false, "connection refused"), w.Heard.Single())
        );
    }

    [Fact]
    public async Task Only_as_many_results_in_a_row_as_are_stated_change_anything()
    {
        var watch = Watch(Target(1));
        await PassAsync(() => _probe.Asked == 3);
        _probe.Answers([s_refused, HealthResult.Success, s_refused, s_refused]);

        await PassAsync(() => !watch.Heard.IsEmpty);
        Assert.Equal(4, _probe.Scripted);
        _probe.Answers([HealthResult.Success, s_refused, HealthResult.Success, HealthResult.Success]);
        await PassAsync(() => watch.Heard.Count == 2);

        Assert.Equal(8, _probe.Scripted);
        Assert.Equal([false, true], watch.Heard.Select(v => v.IsHealthy));
    }

    [Fact]
    public async Task What_is_wrong_is_told_again_when_it_is_something_else()
    {
        var watch = Watch(Target(1));
        _probe.Answer = s_refused;
        await PassAsync(() => watch.Heard.Count == 1);
        _probe.Answer = new HealthResult(HealthOutcome.WrongAnswer, "it answered 500 and not 2xx");

        await PassAsync(() => watch.Heard.Count == 2);

        Assert.Equal(["connection refused", "it answered 500 and not 2xx"], watch.Heard.Select(v => v.Why));
    }

    [Fact]
    public async Task Who_comes_later_knows_at_once_what_is_known()
    {
        var first = Watch(Target(1));
        _probe.Answer = s_refused;
        await PassAsync(() => first.Heard.Count == 1);

        Assert.Equal("connection refused", Watch(Target(1)).Began.Why);
        Assert.Equal(HealthVerdict.Healthy, Watch(Target(2)).Began);
    }

    [Fact]
    public async Task With_the_last_who_wants_to_know_the_check_ends()
    {
        var first = Watch(Target(1));
        var second = Watch(Target(1));
        _probe.Answer = s_refused;
        await PassAsync(() => first.Heard.Count == 1);

        await EndAsync(first);
        Assert.Equal(1, _checks.Count);
        await EndAsync(second);
        Assert.Equal(0, _checks.Count);
        var asked = _probe.Asked;
        _time.Advance(TimeSpan.FromMinutes(1));
        // Who begins anew begins with nothing known.
        var third = Watch(Target(1));
        Assert.Equal(HealthVerdict.Healthy, third.Began);
        await PassAsync(() => third.Heard.Count == 1);

        Assert.Equal(asked + 2, _probe.Asked);
    }

    [Fact]
    public async Task A_check_under_way_ends_with_the_last_who_wants_to_know()
    {
        var watch = Watch(Target(1));
        _probe.Hangs = true;
        await PassAsync(() => _probe.UnderWay == 1);

        await EndAsync(watch);

        await Eventually.HoldsAsync(() => _probe.UnderWay == 0, "the end of the check");
        Assert.Empty(watch.Heard);
    }

    [Fact]
    public async Task No_more_than_so_many_are_under_way_at_a_time()
    {
        _probe.Hangs = true;
        for (var port = 1; port <= HealthChecks.MaxAtOnce + 50; port++)
        {
            Watch(Target(port));
        }

        _time.Advance(s_spec.Interval);
        await Eventually.HoldsAsync(() => _probe.UnderWay == HealthChecks.MaxAtOnce, "as many as may");
        Assert.Equal(HealthChecks.MaxAtOnce, _probe.Asked);
        _probe.Release();

        await Eventually.HoldsAsync(() => _probe.Targets.Count == HealthChecks.MaxAtOnce + 50, "the others");
        Assert.Equal(HealthChecks.MaxAtOnce, _probe.MostUnderWay);
    }

    [Fact]
    public async Task Checks_are_counted_by_their_outcome_once_for_each_client()
    {
        Watch(Target(1));
        Watch(Target(1));
        Watch(Target(1), client: "/#/t/other");
        _probe.Answers([HealthResult.Success, s_refused]);

        await PassAsync(() => _probe.Scripted == 2);
        await Eventually.HoldsAsync(() => Count("connect-failed", "/#/t/web") == 1, "the second result");

        Assert.Equal(1, Count("success", "/#/t/web"));
        Assert.Equal(1, Count("connect-failed", "/#/t/other"));
    }

    private double Count(string outcome, string client) =>
        Scrape.Of(_registry).Sum("weft_health_checks_total", ("outcome", outcome), ("client", client));

    private static HealthTarget Target(int port) =>
        new(new IPEndPoint(IPAddress.Loopback, port), s_spec, EndpointProtocol.Auto, ProxyProtocolVersion.None);

    private Watched Watch(HealthTarget target, string client = "/#/t/web")
    {
        var heard = new ConcurrentQueue<HealthVerdict>();
        var watch = _checks.Watch(target, _loops.Loops[0], "web", client, heard.Enqueue, out var verdict);
        return new Watched(target, watch, verdict, heard);
    }

    private async Task EndAsync(Watched watched)
    {
        var ended = new TaskCompletionSource();
        _loops
            .Loops[0]
            .Post(_ =>
            {
                watched.Watch.End(watched.Target);
                ended.SetResult();
            });
        await ended.Task.WithinLimit();
    }

    private Task PassAsync(Func<bool> condition) =>
        Eventually.HoldsAsync(
            () =>
            {
                if (condition())
                {
                    return true;
                }

                _time.Advance(s_spec.Interval / 8);
                return false;
            },
            "with time"
        );

    private sealed record Watched(
        HealthTarget Target,
        HealthWatch Watch,
        HealthVerdict Began,
        ConcurrentQueue<HealthVerdict> Heard
    );

    /// <summary>Finds what the test says.</summary>
    private sealed class ScriptedProbe : IHealthProbe
    {
        private readonly Lock _gate = new();
        private readonly Queue<HealthResult> _script = new();
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public HealthResult Answer { get; set; } = HealthResult.Success;

        public volatile bool Hangs;

        public int Asked { get; private set; }

        public int Scripted { get; private set; }

        public int UnderWay { get; private set; }

        public int MostUnderWay { get; private set; }

        public ConcurrentDictionary<HealthTarget, bool> Targets { get; } = [];

        /// <summary>These first, then <see cref="Answer"/>.</summary>
        public void Answers(params HealthResult[] answers)
        {
            lock (_gate)
            {
                Array.ForEach(answers, _script.Enqueue);
            }
        }

        public void Release()
        {
            Hangs = false;
            _released.SetResult();
        }

        public async Task<HealthResult> ProbeAsync(HealthTarget target, CancellationToken stop)
        {
            HealthResult result;
            lock (_gate)
            {
                Asked++;
                UnderWay++;
                MostUnderWay = Math.Max(MostUnderWay, UnderWay);
                Scripted += _script.Count > 0 ? 1 : 0;
                result = _script.TryDequeue(out var scripted) ? scripted : Answer;
            }

            Targets[target] = true;
            try
            {
                if (Hangs)
                {
                    await _released.Task.WaitAsync(stop);
                }

                return result;
            }
            finally
            {
                lock (_gate)
                {
                    UnderWay--;
                }
            }
        }
    }
}
