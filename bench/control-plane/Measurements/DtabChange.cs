using System.Diagnostics;
using Weft.Bench.ControlPlane.Report;

namespace Weft.Bench.ControlPlane.Measurements;

/// <summary>A changed dtab, which every proxy follows: from the acknowledged <c>apply</c> to the proxies' acknowledgements.</summary>
internal sealed class DtabChange(Bench bench)
{
    public async Task<IReadOnlyList<Figure>> MeasureAsync()
    {
        var (first, last, bytes, cpu) = (
            new List<double>(),
            new List<double>(),
            new List<double>(),
            new List<double>()
        );
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            Bench.Say($"a changed dtab, round {round + 1} of {bench.Options.Rounds}");
            var mark = $"round-{round}";
            var milestone = bench.Fleet.AwaitDocument(Documents.Dtab, mark);
            var (cpuBefore, before) = (bench.Control.CpuTime, bench.Fleet.Messages);
            await bench.Control.ApplyAsync(Documents.DtabOf(mark), bench.Stop);
            var applied = Stopwatch.GetTimestamp();
            await milestone.ReachedAsync(bench.Stop);
            await bench.Control.AcknowledgedAsync(bench.Fleet.Count, bench.Stop);
            first.Add(Bench.Since(applied, milestone.FirstAcknowledged));
            last.Add(Bench.Since(applied, milestone.LastAcknowledged));
            bytes.Add((double)(bench.Fleet.Messages - before) / bench.Fleet.Count);
            cpu.Add((bench.Control.CpuTime - cpuBefore).TotalMilliseconds);
        }

        return
        [
            new Figure("a changed dtab: from apply to the first acknowledgement", "ms", first),
            new Figure("a changed dtab: from apply to the last acknowledgement", "ms", last),
            new Figure("a changed dtab: sent to each proxy", "bytes", bytes),
            new Figure("a changed dtab: CPU", "ms", cpu),
        ];
    }
}
