using Weft.Bench.ControlPlane.Report;

namespace Weft.Bench.ControlPlane.Measurements;

/// <summary>What it costs that nothing changes: watching the services' source, and keeping streams alive.</summary>
internal sealed class Silence(Bench bench)
{
    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        var length = bench.Options.Rest;
        var cpu = new List<double>();
        var bytes = new List<double>();
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            Bench.Say($"nothing changes, round {round + 1} of {bench.Options.Rounds}");
            var (cpuBefore, before) = (bench.Control.CpuTime, bench.Fleet.Received);
            await Task.Delay(length, bench.Stop);
            cpu.Add((bench.Control.CpuTime - cpuBefore) / length * 1000);
            bytes.Add((bench.Fleet.Received - before) / length.TotalSeconds / bench.Fleet.Count);
        }

        return
        [
            new Figure("nothing changes: CPU in a second", "ms", cpu),
            new Figure("nothing changes: sent to each proxy in a second", "bytes", bytes),
        ];
    }
}
