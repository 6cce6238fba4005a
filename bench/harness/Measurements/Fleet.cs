using Weft.Bench.Harness.Load;
using Weft.Bench.Harness.Machine;
using Weft.Bench.Harness.Proxies;

namespace Weft.Bench.Harness.Measurements;

/// <summary>All proxies at once, each on the proxies' core and warm. Only one is given work at a time, so that they do not disturb each other.</summary>
internal sealed class Fleet : IDisposable
{
    private readonly List<RunningProxy> _proxies = [];

    public IReadOnlyList<RunningProxy> Proxies => _proxies;

    public static async Task<Fleet> Start(Run run, IReadOnlyList<ProxyKind> kinds)
    {
        var fleet = new Fleet();
        try
        {
            foreach (var kind in kinds)
                await run.Try(kind.Name, "start", () => fleet.Add(run, kind));
            return fleet;
        }
        catch
        {
            fleet.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var proxy in _proxies)
            proxy.Dispose();
    }

    private async Task Add(Run run, ProxyKind kind)
    {
        var proxy = await RunningProxy.Start(
            kind,
            run.Upstream.Address,
            run.Options.Connections,
            Cores.Proxy,
            run.Cancellation
        );
        try
        {
            // Long enough for a runtime that compiles what turns out to be hot.
            Run.Progress($"warming {kind.Name}");
            await Wrk.Run(proxy.Placement.Listen, run.Options.Connections, run.Options.Seconds, run.Cancellation);
            _proxies.Add(proxy);
        }
        catch
        {
            proxy.Dispose();
            throw;
        }
    }
}
