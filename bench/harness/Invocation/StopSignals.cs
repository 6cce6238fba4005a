using System.Runtime.InteropServices;

namespace Weft.Bench.Harness.Invocation;

/// <summary>SIGINT and SIGTERM while a benchmark runs: the way out is the usual one, so that processes are ended and files removed on it.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly PosixSignalRegistration[] _signals;

    /// <summary>Listens from now on.</summary>
    /// <param name="limit">After which it stops by itself; null for never.</param>
    public StopSignals(TimeSpan? limit = null)
    {
        _stop = limit is { } end ? new CancellationTokenSource(end) : new CancellationTokenSource();
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
        ];
    }

    public CancellationToken Token => _stop.Token;

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _stop.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        _stop.Cancel();
    }
}
