namespace Weft.Cli.Stats;

/// <summary>Where calls are looked up: proxies, or a control plane that they report to.</summary>
internal interface ITrafficFeed : IDisposable
{
    /// <summary>Whether a proxy that is missing is a failure of the question, or part of the answer.</summary>
    bool IsStrict { get; }

    /// <summary>Waits between two looks at what changes all the time.</summary>
    TimeSpan Pause { get; }

    /// <summary>What was called lately. From the second time on, since the time before if it was long ago.</summary>
    /// <exception cref="Weft.Cli.Control.ControlException">The control plane refuses, or cannot be reached.</exception>
    Task<TrafficSight> ReadAsync(TrafficShape shape, CancellationToken stop);
}
