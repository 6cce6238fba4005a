using System.Diagnostics;
using Weft.Bench.ControlPlane.Report;

namespace Weft.Bench.ControlPlane.Measurements;

/// <summary>
/// The control plane is killed and started again, and all proxies come back to it, each after a delay of its own. Nothing has changed meanwhile,
/// so nothing should be sent again but that.
/// </summary>
internal sealed class Restart(Bench bench)
{
    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        var (ready, all, bytes, cpu) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            Bench.Say($"a restart, round {round + 1} of {bench.Options.Rounds}");
            var before = bench.Fleet.Messages;
            var milestone = bench.Fleet.AwaitReconnect();
            var started = await bench.Control.RestartAsync(bench.Stop);
            var answered = Stopwatch.GetTimestamp();
            await milestone.ReachedAsync(bench.Stop);
            await bench.Control.AcknowledgedAsync(bench.Fleet.Count, bench.Stop);
            ready.Add(Bench.Since(started, answered));
            all.Add(Bench.Since(started, milestone.LastAcknowledged));
            bytes.Add((double)(bench.Fleet.Messages - before) / bench.Fleet.Count);
            cpu.Add(bench.Control.CpuTime.TotalMilliseconds);
            await ReachesAllAsync(round);
        }

        return
        [
            new Figure("a restart: until it answers", "ms", ready),
            new Figure("a restart: until the last proxy is back and has acknowledged", "ms", all),
            new Figure("a restart: sent to each proxy", "bytes", bytes),
            new Figure("a restart: CPU, with its start and loading the services", "ms", cpu),
        ];
    }

    /// <summary>Who is back follows again.</summary>
    private async Task ReachesAllAsync(int round)
    {
        var mark = $"restart-{round}";
        var milestone = bench.Fleet.AwaitDocument(Documents.Dtab, mark);
        await bench.Control.ApplyAsync(Documents.DtabOf(mark), bench.Stop);
        await milestone.ReachedAsync(bench.Stop);
    }
}
