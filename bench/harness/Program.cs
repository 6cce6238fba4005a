using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Weft.Bench.Harness;
using Weft.Bench.Harness.Load;
using Weft.Bench.Harness.Machine;
using Weft.Bench.Harness.Measurements;
using Weft.Bench.Harness.Proxies;
using Weft.Bench.Harness.Report;

Options options;
try
{
    options = Options.Parse(args);
}
catch (FormatException e)
{
    Console.Error.WriteLine($"bench: {e.Message}");
    return 2;
}
if (options.WantsHelp)
{
    Console.WriteLine(Options.Help);
    return 0;
}
if (!OperatingSystem.IsLinux() || Environment.ProcessorCount < 2)
{
    Console.Error.WriteLine("bench: needs Linux and two cores: one for the proxy, one for what it talks to");
    return 2;
}

using var stop = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
try
{
    var table = await Measure();
    Console.WriteLine(table);
    if (options.Output is { } file)
        await File.WriteAllTextAsync(file, table, stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    Console.Error.WriteLine("bench: stopped");
    return 1;
}
catch (MeasurementImpossibleException e)
{
    Console.Error.WriteLine($"bench: {e.Message}");
    return 1;
}
finally
{
    Child.EndAll();
    Scratch.Delete();
}

void Cancel(PosixSignalContext context)
{
    // The way out is the usual one: processes are ended and files removed on it.
    context.Cancel = true;
    stop.Cancel();
}

async Task<string> Measure()
{
    using var upstream = await Upstream.Start(stop.Token);
    var run = new Run(options, upstream, new Results(), stop.Token);

    var proxies = new List<(ProxyKind Kind, string Version)>();
    foreach (var kind in Kinds())
    {
        if (kind.Missing is { } reason)
            run.Results.AddGap(kind.Name, "all", reason);
        else
            proxies.Add((kind, Version(await Child.Run(kind.VersionCommand, core: null, stop.Token))));
    }
    ProxyKind[] kinds = [.. proxies.Select(p => p.Kind)];

    if (options.Includes("cpu") || options.Includes("latency") || options.Includes("memory"))
    {
        using var fleet = await Fleet.Start(run, kinds);
        // What cannot start now is not tried again.
        kinds = [.. fleet.Proxies.Select(p => p.Kind)];
        if (options.Includes("cpu"))
            await CpuMeasurement.Measure(run, fleet);
        if (options.Includes("latency"))
            await LatencyMeasurement.Measure(run, fleet);
        if (options.Includes("memory"))
            await MemoryMeasurement.Measure(run, fleet);
    }
    if (options.Includes("startup"))
        await StartUpMeasurement.Measure(run, kinds);
    if (options.Includes("idle"))
        await IdleMeasurement.Measure(run, kinds);

    return Table.Render(run.Results, proxies, options);
}

IEnumerable<ProxyKind> Kinds()
{
    ProxyKind[] peers = [new NginxProxy(), new HaproxyProxy(), new CaddyProxy(), new RelayProxy(options.Relay)];
    return peers.Where(p => options.Peers.Contains(p.Name)).Prepend(new WeftProxy(options.Weft));
}

static string Version(string output) =>
    Regex.Match(output, @"\d+\.\d+(\.\d+)?", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Value;
