using System.Runtime.InteropServices;

namespace Weft.Proxy;

/// <summary>The ways to ask a proxy to stop: SIGTERM, SIGINT, a token, the admin endpoint. The first asks for a graceful stop, the second for the end.</summary>
internal sealed class StopRequests : IDisposable
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _second = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration _terminate;
    private readonly PosixSignalRegistration _interrupt;
    private readonly CancellationTokenRegistration _token;
    private int _signals;

    public StopRequests(CancellationToken stop)
    {
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        // The token may be cancelled by the same signal: it asks, but never for the second time.
        _token = stop.Register(() => _first.TrySetResult());
    }

    /// <summary>Completes when somebody has asked.</summary>
    public Task First => _first.Task;

    /// <summary>Completes when somebody has asked again.</summary>
    public Task Second => _second.Task;

    /// <summary>Asks for a graceful stop.</summary>
    public void Ask() => _first.TrySetResult();

    public void Dispose()
    {
        _token.Dispose();
        _terminate.Dispose();
        _interrupt.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Exchange(ref _signals, 1) == 0)
        {
            _first.TrySetResult();
        }
        else
        {
            _second.TrySetResult();
        }
    }
}
