using Weft.Net;

namespace Weft.Proxy;

/// <summary>One loop's interest in a check: it is told on that loop, until it has ended.</summary>
/// <param name="owner">Which keeps the check going.</param>
/// <param name="loop">Whose it is.</param>
/// <param name="service">For the metric.</param>
/// <param name="client">For the metric and the log: the concrete name.</param>
/// <param name="onVerdict">Called on the loop.</param>
internal sealed class HealthWatch(
    HealthChecks owner,
    EventLoop loop,
    string service,
    string client,
    Action<HealthVerdict> onVerdict
)
{
    // Touched on the loop only: what was posted before the end comes too late.
    private bool _isOver;

    public string Service { get; } = service;

    public string Client { get; } = client;

    /// <summary>Tells the loop; from any thread.</summary>
    public void Post(HealthVerdict verdict) =>
        loop.Post(_ =>
        {
            if (!_isOver)
            {
                onVerdict(verdict);
            }
        });

    /// <summary>Nobody wants to know any more; called once, on the loop.</summary>
    public void End(HealthTarget target)
    {
        _isOver = true;
        owner.End(target, this);
    }
}
