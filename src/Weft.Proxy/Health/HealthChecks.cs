using Weft.Net;
using Weft.Telemetry;

namespace Weft.Proxy;

/// <summary>
/// The active checks of a proxy: one for each endpoint and way of asking, however many loops and names want to know. They run on the thread
/// pool, beside the data path; results are posted to the loops. From any thread.
/// </summary>
internal sealed class HealthChecks : IAsyncDisposable
{
    /// <summary>Checks under way at the same time; others wait for their turn. A thousand dead endpoints must not take a thousand sockets.</summary>
    public const int MaxAtOnce = 256;

    /// <summary>The first checks of endpoints that appear together are spread over their interval, but over no longer than this.</summary>
    private static readonly TimeSpan s_longestFirstWait = TimeSpan.FromSeconds(5);

    // Checks of all proxies that began together drift apart.
    private const double Jitter = 0.1;

    private readonly Lock _gate = new();
    private readonly Dictionary<HealthTarget, HealthCheck> _checks = [];
    private readonly SemaphoreSlim _turns = new(MaxAtOnce);
    private readonly IHealthProbe _probe;
    private readonly ProxyMetrics _metrics;
    private readonly Log _log;
    private readonly TimeProvider _time;
    private readonly Random _random;

    /// <summary>Checks nothing yet.</summary>
    /// <param name="probe">How it is done.</param>
    /// <param name="metrics">Where results are counted.</param>
    /// <param name="log">Where endpoints are mentioned that change.</param>
    /// <param name="time">The clock of intervals and timeouts.</param>
    /// <param name="random">Of its own.</param>
    public HealthChecks(IHealthProbe probe, ProxyMetrics metrics, Log log, TimeProvider time, Random random)
    {
        (_probe, _metrics, _log, _time, _random) = (probe, metrics, log, time, random);
    }

    /// <summary>Targets that are being checked.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _checks.Count;
            }
        }
    }

    /// <summary>
    /// Has a target checked from now on, until the watch ends. What is known of it already is in <paramref name="verdict"/>; what changes after that
    /// is told on the loop.
    /// </summary>
    public HealthWatch Watch(
        HealthTarget target,
        EventLoop loop,
        string service,
        string client,
        Action<HealthVerdict> onVerdict,
        out HealthVerdict verdict
    )
    {
        var watch = new HealthWatch(this, loop, service, client, onVerdict);
        lock (_gate)
        {
            if (!_checks.TryGetValue(target, out var check))
            {
                check = new HealthCheck(target);
                _checks.Add(target, check);
                check.Running = RunAsync(check, FirstWait(target.Spec.Interval));
            }

            check.Watches.Add(watch);
            verdict = check.Verdict;
        }

        return watch;
    }

    /// <summary>Ends all checks.</summary>
    public async ValueTask DisposeAsync()
    {
        HealthCheck[] checks;
        lock (_gate)
        {
            checks = [.. _checks.Values];
            _checks.Clear();
        }

        foreach (var check in checks)
        {
            await check.Stop.CancelAsync();
            await check.Running;
        }
    }

    /// <summary>A watch has ended; the last one ends the check.</summary>
    internal void End(HealthTarget target, HealthWatch watch)
    {
        HealthCheck? check;
        lock (_gate)
        {
            if (!_checks.TryGetValue(target, out check) || !check.Watches.Remove(watch) || check.Watches.Count > 0)
            {
                return;
            }

            _checks.Remove(target);
        }

        // What follows from the cancellation is not the affair of the loop that calls.
        _ = check.Stop.CancelAsync();
    }

    private async Task RunAsync(HealthCheck check, TimeSpan wait)
    {
        var stop = check.Stop.Token;
        try
        {
            while (true)
            {
                await Task.Delay(wait, _time, stop).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                await _turns.WaitAsync(stop);
                HealthResult result;
                try
                {
                    result = await _probe.ProbeAsync(check.Target, stop);
                }
                finally
                {
                    _turns.Release();
                }

                wait = Take(check, result);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Nobody wants to know any more.
        }
        catch (Exception e)
        {
            _log.Error(
                "a health check has ended by a defect",
                ("at", check.Target.Address.ToString()),
                ("exception", e)
            );
        }
    }

    /// <summary>Takes a result in and tells those who want to know. Returns the time until the next check.</summary>
    private TimeSpan Take(HealthCheck check, HealthResult result)
    {
        lock (_gate)
        {
            var wasHealthy = check.Verdict.IsHealthy;
            var isNews = check.Observe(result);
            foreach (var (service, client) in check.Watches.Select(w => (w.Service, w.Client)).Distinct())
            {
                CountResult(service, client, result.Outcome);
                if (isNews && check.Verdict.IsHealthy != wasHealthy)
                {
                    Mention(client, check);
                }
            }

            foreach (var watch in check.Watches)
            {
                if (isNews)
                {
                    // Within the lock: who begins to watch meanwhile hears of it once, and in the order of the results.
                    watch.Post(check.Verdict);
                }
            }

            return check.Target.Spec.Interval * (1 + (Jitter * ((2 * _random.NextDouble()) - 1)));
        }
    }

    private TimeSpan FirstWait(TimeSpan interval) =>
        _random.NextDouble() * (interval < s_longestFirstWait ? interval : s_longestFirstWait);

    private void CountResult(string service, string client, HealthOutcome outcome)
    {
        // Inbound, nobody is checked (LogicalName).
        var slot = _metrics.HealthChecks.Series(ProxyMetrics.Text(Direction.Outbound), service, client, outcome.Text());
        _metrics.Registry.Add(slot);
        _metrics.HealthChecks.Release(slot);
    }

    private void Mention(string client, HealthCheck check)
    {
        if (check.Verdict.IsHealthy)
        {
            _log.Info(
                "an endpoint passes its health check",
                ("client", client),
                ("endpoint", check.Target.Address.ToString())
            );
        }
        else
        {
            _log.Warn(
                "an endpoint fails its health check",
                ("client", client),
                ("endpoint", check.Target.Address.ToString()),
                ("why", check.Verdict.Why)
            );
        }
    }
}
