using System.Text.RegularExpressions;
using Weft.Bench.Harness;
using Weft.Bench.Harness.Invocation;
using Weft.Bench.Harness.Machine;
using Weft.Bench.Harness.Measurements;
using Weft.Bench.Harness.Measurements.Grpc;
using Weft.Bench.Harness.Measurements.Http1;
using Weft.Bench.Harness.Measurements.Http2;
using Weft.Bench.Harness.Measurements.Tcp;
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

using var stop = new StopSignals();
try
{
    var table = await Measure();
    Console.WriteLine(table);
    if (options.Output is { } file)
        await File.WriteAllTextAsync(file, table, stop.Token);
    return 0;
}
catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
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

async Task<string> Measure()
{
    var loadBefore = Facts.LoadAverage();
    List<Section> sections = [];
    foreach (var suite in (Suite[])[new Http1Suite(), new Http2Suite(), new GrpcSuite(), new TcpSuite()])
    {
        if (suite.Parts.Any(options.Includes))
            sections.Add(await MeasureSuite(suite));
    }
    return Table.Render(sections, options, loadBefore);
}

async Task<Section> MeasureSuite(Suite suite)
{
    var run = new Run(options, new Results(), stop.Token);
    var proxies = new List<(ProxyKind Kind, string Version)>();
    foreach (var kind in suite.Kinds(options).Where(k => k is WeftProxy || options.Peers.Contains(k.Name)))
    {
        if (kind.Missing is { } reason)
            run.Results.AddGap(kind.Name, "all", reason);
        else
            proxies.Add((kind, Version(await Child.Run(kind.VersionCommand, core: null, stop.Token))));
    }
    await suite.Measure(run, [.. proxies.Select(p => p.Kind)]);
    return new Section(suite, run.Results, proxies);
}

static string Version(string output) =>
    Regex.Match(output, @"\d+\.\d+(\.\d+)?", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Value;
