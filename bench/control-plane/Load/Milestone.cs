using System.Diagnostics;
using Weft.Bench.Harness.Machine;

namespace Weft.Bench.ControlPlane.Load;

/// <summary>Something that a number of proxies come to: when they were told of it, and when they acknowledged it. Safe from any thread.</summary>
/// <param name="what">Completes "not all proxies ...".</param>
/// <param name="proxies">How many.</param>
internal sealed class Milestone(string what, int proxies)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private int _told;
    private int _acknowledged;

    /// <summary>Timestamp of when the last proxy was told.</summary>
    public long LastTold { get; private set; }

    /// <summary>Timestamp of the first acknowledgement.</summary>
    public long FirstAcknowledged { get; private set; }

    /// <summary>Timestamp of the last acknowledgement.</summary>
    public long LastAcknowledged { get; private set; }

    public void OnTold()
    {
        lock (_gate)
        {
            LastTold = Stopwatch.GetTimestamp();
            _told++;
        }
    }

    public void OnAcknowledged()
    {
        lock (_gate)
        {
            LastAcknowledged = Stopwatch.GetTimestamp();
            FirstAcknowledged = _acknowledged == 0 ? LastAcknowledged : FirstAcknowledged;
            if (++_acknowledged == proxies)
            {
                _reached.TrySetResult();
            }
        }
    }

    /// <summary>Until all have acknowledged.</summary>
    /// <exception cref="MeasurementException">That takes far too long.</exception>
    public async Task ReachedAsync(CancellationToken stop)
    {
        try
        {
            await _reached.Task.WaitAsync(s_patience, stop);
        }
        catch (TimeoutException)
        {
            throw new MeasurementException(
                $"within {s_patience.TotalSeconds} s not all proxies {what}: {_told} were told and {_acknowledged} acknowledged, of {proxies}"
            );
        }
    }
}
