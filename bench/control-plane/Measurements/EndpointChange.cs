using System.Diagnostics;
using Weft.Bench.ControlPlane.Load;
using Weft.Bench.ControlPlane.Report;

namespace Weft.Bench.ControlPlane.Measurements;

/// <summary>An endpoint less and one more, of services that few and many watch: from the changed file to the last subscriber, and what is sent for it.</summary>
internal sealed class EndpointChange(Bench bench)
{
    /// <summary>What has reached all who asked for it may yet have gone to others.</summary>
    private static readonly TimeSpan s_strays = TimeSpan.FromMilliseconds(300);

    /// <summary>Changes come at any moment between two looks at the files.</summary>
    private static readonly TimeSpan s_spread = TimeSpan.FromMilliseconds(600);

    private int _changes;

    public async Task<IReadOnlyList<ChangeFigure>> MeasureAsync()
    {
        var audiences = bench.Options.Audiences;
        var removals = audiences.Select(size => new Series(ChangeFigure.Removal, size)).ToArray();
        var additions = audiences.Select(size => new Series(ChangeFigure.Addition, size)).ToArray();
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            Bench.Say($"changed endpoints, round {round + 1} of {bench.Options.Rounds}");
            for (var service = 0; service < audiences.Count; service++)
            {
                var all = bench.Services.EndpointsOf(service);
                await ChangeAsync(removals[service], service, all - 1);
                await ChangeAsync(additions[service], service, all);
            }
        }

        return [.. removals.Concat(additions).Select(series => series.Figure)];
    }

    private async Task ChangeAsync(Series series, int service, int endpoints)
    {
        await Task.Delay(s_spread * NameChoice.Fraction(bench.Options.Proxies, _changes++), bench.Stop);
        var milestone = bench.Fleet.AwaitEndpoints(service, endpoints);
        var (cpu, before) = (bench.Control.CpuTime, bench.Fleet.Messages);
        var began = Stopwatch.GetTimestamp();
        bench.Services.Write(service, endpoints);
        await milestone.ReachedAsync(bench.Stop);
        series.Cpu.Add((bench.Control.CpuTime - cpu).TotalMilliseconds);
        series.Delay.Add(Bench.Since(began, milestone.LastTold));
        await Task.Delay(s_strays, bench.Stop);
        series.Bytes.Add(bench.Fleet.Messages - before);
    }

    private sealed record Series(string Kind, int Subscribers)
    {
        public List<double> Delay { get; } = [];

        public List<double> Bytes { get; } = [];

        public List<double> Cpu { get; } = [];

        public ChangeFigure Figure =>
            new(
                Kind,
                Subscribers,
                new Figure("until the last knows", "ms", Delay),
                new Figure("sent", "bytes", Bytes),
                new Figure("CPU", "ms", Cpu)
            );
    }
}
