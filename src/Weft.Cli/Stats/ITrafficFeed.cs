namespace Weft.Cli.Stats;

/// <summary>Where calls are looked up: proxies, or a control plane that they report to.</summary>
internal interface ITrafficFeed : IDisposable
{
    /// <summary>Whether a proxy that is missing is a failure of the question, or part of the answer.</summary>
    bool IsStrict { get; }

    /// <summary>How long to wait before one looks again.</summary>
    TimeSpan Pause { get; }

    /// <summary>What was called lately; of proxies, from the second time on, since the time before.</summary>
    /// <exception cref="Weft.Cli.Control.ControlException">The control plane refuses, or cannot be reached.</exception>
    Task<TrafficSight> ReadAsync(TrafficShape shape, CancellationToken stop);
}
