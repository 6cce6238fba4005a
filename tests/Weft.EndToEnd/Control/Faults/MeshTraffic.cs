using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Control.Faults;

/// <summary>Constant traffic at both proxies of a mesh, none of which may fail, whatever happens to those who told the proxies where to send it.</summary>
internal sealed class MeshTraffic
{
    /// <summary>
    /// After a break nobody comes back at once, so that not all come back together: attempts are up to half a minute apart.
    /// </summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromMinutes(1);

    private readonly Load[] _loads;

    private MeshTraffic(Load[] loads) => _loads = loads;

    /// <summary>Returns once <c>one</c> answers it all. One connection each: a fault takes its time, and what else the machine does needs some too.</summary>
    public static async Task<MeshTraffic> Start(ControlledMesh mesh)
    {
        var traffic = new MeshTraffic(mesh.StartLoad(connections: 1));
        await traffic.GoesTo("one");
        return traffic;
    }

    public Task GoesTo(string name) => Task.WhenAll(_loads.Select(l => l.GoesTo(name, Recovery)));

    public Task Reaches(string name) => Task.WhenAll(_loads.Select(l => l.Reaches(name, Recovery)));

    /// <summary>It goes on for a while.</summary>
    public Task GoesOn() => Task.WhenAll(_loads.Select(l => l.Answers(200)));

    public async Task EndsWithoutFailure()
    {
        foreach (var load in _loads)
        {
            await load.StopWithoutFailure();
        }
    }
}
