using Weft.Bench.ControlPlane;
using Weft.Bench.ControlPlane.Measurements;
using Weft.Bench.ControlPlane.Report;
using Weft.Bench.ControlPlane.Subject;
using Weft.Bench.Harness.Invocation;
using Weft.Bench.Harness.Machine;

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

if (!OperatingSystem.IsLinux() || !File.Exists(options.Weft))
{
    Console.Error.WriteLine("bench: needs Linux, and --weft PROGRAM; bench/control builds one and names it");
    return 2;
}

using var stop = new StopSignals(TimeSpan.FromMinutes(30));
try
{
    FileLimit.Check(options.Proxies);
    var results = await Bench.RunAsync(options, stop.Token);
    Console.WriteLine(options.WantsJson ? Text.Json(results) : Text.Markdown(results));
    return results.Held ? 0 : 1;
}
catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
{
    Console.Error.WriteLine("bench: stopped");
    return 1;
}
catch (Exception e) when (e is MeasurementException or MeasurementImpossibleException or HttpRequestException)
{
    Console.Error.WriteLine($"bench: {e.Message}");
    return 1;
}
finally
{
    Child.EndAll();
    Scratch.Delete();
}
