using System.Diagnostics;
using System.Net;
using Weft.Bench.Harness.Machine;
using Weft.EndToEnd.Harness;

namespace Weft.Bench.Harness.Proxies;

/// <summary>A proxy that serves.</summary>
internal sealed class RunningProxy : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Child _child;

    private RunningProxy(ProxyKind kind, Placement placement, Child child)
    {
        Kind = kind;
        Placement = placement;
        _child = child;
    }

    public ProxyKind Kind { get; }

    public Placement Placement { get; }

    /// <summary>From the start of its process until it first said that it is ready.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    public TimeSpan CpuTime => ProcessTree.CpuTime(_child.Id);

    public long ResidentBytes => ProcessTree.ResidentBytes(_child.Id);

    /// <summary>Configures and starts it, and waits until it is ready.</summary>
    /// <param name="core">The only core it may run on; null: any.</param>
    public static async Task<RunningProxy> Start(
        ProxyKind kind,
        IPEndPoint upstream,
        int maxConnections,
        int? core,
        CancellationToken cancellation
    )
    {
        var placement = new Placement(
            Scratch.NewFolder(kind.Name),
            FreePort.NextOnLoopback(),
            FreePort.NextOnLoopback(),
            upstream,
            maxConnections
        );
        var command = kind.Configure(placement);

        var started = Stopwatch.GetTimestamp();
        var proxy = new RunningProxy(kind, placement, Child.Start(command, core));
        while (!kind.IsReady(placement))
        {
            if (proxy._child.HasExited)
                throw new MeasurementException($"{kind.Name} ended before it was ready: {proxy.LastWords()}");
            if (Stopwatch.GetElapsedTime(started) > Patience)
            {
                proxy.Dispose();
                throw new MeasurementException($"{kind.Name} was not ready within {Patience.TotalSeconds} s");
            }
            // None of them says when it is ready; so short, because it is the error of what is measured here.
            await Task.Delay(1, cancellation);
        }
        proxy.ReadyAfter = Stopwatch.GetElapsedTime(started);
        return proxy;
    }

    public void Dispose() => _child.Dispose();

    private string LastWords() => _child.Errors.Length > 0 ? _child.Errors : _child.Output;
}
