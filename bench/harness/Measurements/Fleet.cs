using System.Net;
using Weft.Bench.Harness.Machine;
using Weft.Bench.Harness.Proxies;

namespace Weft.Bench.Harness.Measurements;

/// <summary>All proxies at once, each on the proxies' core and warm. Only one is given work at a time, so that they do not disturb each other.</summary>
internal sealed class Fleet : IDisposable
{
    private readonly List<RunningProxy> _proxies = [];

    public IReadOnlyList<RunningProxy> Proxies => _proxies;

    /// <param name="upstream">The one server behind each.</param>
    /// <param name="warm">Gives a proxy work long enough for a runtime that compiles what turns out to be hot.</param>
    public static async Task<Fleet> Start(
        Run run,
        IReadOnlyList<ProxyKind> kinds,
        IPEndPoint upstream,
        Func<RunningProxy, Task> warm
    )
    {
        var fleet = new Fleet();
        try
        {
            foreach (var kind in kinds)
                await run.Try(kind.Name, "start", () => fleet.Add(run, kind, upstream, warm));
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

    private async Task Add(Run run, ProxyKind kind, IPEndPoint upstream, Func<RunningProxy, Task> warm)
    {
        var proxy = await RunningProxy.Start(kind, upstream, run.Options.Connections, Cores.Proxy, run.Cancellation);
        try
        {
            Run.Progress($"warming {kind.Name}");
            await warm(proxy);
            _proxies.Add(proxy);
        }
        catch
        {
            proxy.Dispose();
            throw;
        }
    }
}
