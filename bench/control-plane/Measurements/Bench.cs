using System.Diagnostics;
using System.Globalization;
using Weft.Bench.ControlPlane.Load;
using Weft.Bench.ControlPlane.Report;
using Weft.Bench.ControlPlane.Subject;
using Weft.Bench.Harness.Machine;

namespace Weft.Bench.ControlPlane.Measurements;

/// <summary>What each measurement needs: the control plane, the services behind it, and the proxies before it.</summary>
internal sealed record Bench(
    Options Options,
    RunningControlPlane Control,
    Services Services,
    Fleet Fleet,
    CancellationToken Stop
)
{
    /// <summary>Runs everything.</summary>
    public static async Task<Results> RunAsync(Options options, CancellationToken stop)
    {
        var folder = Scratch.NewFolder("services");
        var services = new Services(folder, options);
        Say($"writing {options.Services} services");
        services.WriteAll();
        using var control = await RunningControlPlane.StartAsync(options.Weft, stop);
        await using var fleet = Fleet.Of(control.Address, options);
        var bench = new Bench(options, control, services, fleet, stop);
        var memory = new List<MemoryFigure>();
        var figures = new List<Figure>();
        await bench.RestAsync();
        memory.Add(bench.MemoryNow("empty"));

        Say("loading services");
        await control.ApplyAsync(Documents.Of(folder, options), stop);
        figures.AddRange(await bench.LoadAsync());
        await bench.RestAsync();
        memory.Add(bench.MemoryNow("with all services"));

        Say($"connecting {options.Proxies} proxies");
        figures.AddRange(await bench.ConnectAsync());
        await bench.RestAsync();
        memory.Add(bench.MemoryNow("with all proxies connected"));
        figures.AddRange(await new Silence(bench).MeasureAsync());
        figures.AddRange(await new DtabChange(bench).MeasureAsync());
        var changes = await new EndpointChange(bench).MeasureAsync();
        await bench.RestAsync();
        memory.Add(bench.MemoryNow("after all changes"));
        figures.AddRange(await new Restart(bench).MeasureAsync());
        await bench.RestAsync();
        memory.Add(bench.MemoryNow("after the last restart"));
        return new Results(Facts.Describe(), bench.Describe(), memory, figures, changes);
    }

    /// <summary>Says on standard error what is being done.</summary>
    public static void Say(string what) => Console.Error.WriteLine($"bench: {what}");

    /// <summary>Until what was begun has come to its end.</summary>
    public Task RestAsync() => Task.Delay(Options.Rest, Stop);

    /// <summary>Milliseconds since a timestamp.</summary>
    public static double Since(long began, long ended) => Stopwatch.GetElapsedTime(began, ended).TotalMilliseconds;

    private MemoryFigure MemoryNow(string when)
    {
        var (resident, proportional) = Control.Memory();
        return new MemoryFigure(when, resident, proportional);
    }

    /// <summary>The control plane reads its services when the first proxy asks for one of them.</summary>
    private async Task<IReadOnlyList<Figure>> LoadAsync()
    {
        var (cpu, began) = (Control.CpuTime, Stopwatch.GetTimestamp());
        await using var first = new SimulatedProxy(Control.Address, Options.Proxies, [0]);
        var complete = new Milestone("got the first service", 1);
        first.Start(complete);
        await complete.ReachedAsync(Stop);
        return
        [
            new Figure(
                "services: from the first question to its answer",
                "ms",
                [Since(began, complete.LastAcknowledged)]
            ),
            new Figure("services: CPU for loading them", "ms", [(Control.CpuTime - cpu).TotalMilliseconds]),
        ];
    }

    private async Task<IReadOnlyList<Figure>> ConnectAsync()
    {
        var (cpu, began) = (Control.CpuTime, Stopwatch.GetTimestamp());
        var complete = Fleet.Start();
        await complete.ReachedAsync(Stop);
        return
        [
            new Figure(
                "all connect at once: until the last has all it asked for",
                "ms",
                [Since(began, complete.LastAcknowledged)]
            ),
            new Figure("all connect at once: CPU", "ms", [(Control.CpuTime - cpu).TotalMilliseconds]),
            new Figure("all connect at once: sent to each proxy", "bytes", [(double)Fleet.Messages / Fleet.Count]),
        ];
    }

    private string Describe() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Options.Proxies} proxies, each watching {Options.Names} names (a binding and endpoints each; {Fleet.ServicesWatched} different services in all), "
                + $"{Options.Services} services with {Options.Endpoints} endpoints, {Documents.Count(Options)} documents; {Options.Rounds} rounds. "
                + $"All processes share the machine."
        );
}
