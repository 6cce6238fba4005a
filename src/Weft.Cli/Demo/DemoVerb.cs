using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using Spectre.Console;
using Weft.Cli.Invocation;
using Weft.Cli.Output;

namespace Weft.Cli.Demo;

/// <summary><c>weft demo</c>: a small bookshop of real processes behind real proxies, and what the mesh does for it.</summary>
internal static class DemoVerb
{
    private static readonly TimeSpan s_ending = TimeSpan.FromSeconds(2);

    public static Command Create(CliContext context)
    {
        var seconds = new Option<int>("--seconds")
        {
            Description = "It ends within so many seconds; the more, the more evidence",
            HelpName = "N",
            DefaultValueFactory = static _ => DemoOptions.DefaultSeconds,
            CustomParser = ParseSeconds,
        };
        var keep = new Option<bool>("--keep")
        {
            Description = "Leaves the shop open after the story, to play with it, until Ctrl-C",
        };
        var output = OutputOption.Create();
        var verb = new Verb(
            "demo",
            "Runs a small bookshop of real processes behind real proxies, with traffic and a fault, and shows what the mesh does.",
            "weft demo",
            "weft demo --seconds 15 -o json",
            "weft demo --keep"
        )
        {
            seconds,
            keep,
            output,
        };
        verb.SetAction(
            async (result, stop) =>
            {
                var options = new DemoOptions(TimeSpan.FromSeconds(result.GetValue(seconds)), result.GetValue(keep));
                return await RunAsync(context, options, result.GetValue(output), stop);
            }
        );
        return verb;
    }

    private static async Task<int> RunAsync(
        CliContext context,
        DemoOptions options,
        OutputFormat format,
        CancellationToken stop
    )
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var first = 0L;
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        try
        {
            var report = await TellAsync(context, options, format, either.Token);
            return report.Held ? ExitCodes.Done : ExitCodes.No;
        }
        catch (Exception error)
            when (error is DemoException or OperationCanceledException && either.IsCancellationRequested)
        {
            // An interruption from the terminal reaches every process: one of the shop's may even have ended first.
            return ExitCodes.Interrupted;
        }
        catch (DemoException error)
        {
            await context.Error.WriteLineAsync($"weft demo: {error.Message}");
            return ExitCodes.No;
        }

        // Ending takes a moment, and the signal often comes twice (to the process, and to its group): only a later one ends it by force.
        void End(PosixSignalContext signal)
        {
            var now = context.Time.GetTimestamp();
            var began = Interlocked.CompareExchange(ref first, now, 0);
            signal.Cancel = began == 0 || context.Time.GetElapsedTime(began, now) < s_ending;
            either.Cancel();
        }
    }

    private static async Task<DemoReport> TellAsync(
        CliContext context,
        DemoOptions options,
        OutputFormat format,
        CancellationToken stop
    )
    {
        // Where the search for free ports begins: different for demos that run at the same time.
        var random = new Random(Environment.ProcessId);
        if (format is not OutputFormat.Text)
        {
            var report = await new DemoRun(options, new SilentView(), random, context.Time).RunAsync(stop);
            MachineOutput.Write(context.Out, format, report.Write);
            return report;
        }

        if (Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi)
        {
            return await new DemoRun(options, new LineView(context.Out), random, context.Time).RunAsync(stop);
        }

        await using var live = new LiveView(AnsiConsole.Console);
        return await new DemoRun(options, live, random, context.Time).RunAsync(stop);
    }

    private static int ParseSeconds(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, out var seconds) && seconds is >= DemoOptions.MinSeconds and <= DemoOptions.MaxSeconds)
        {
            return seconds;
        }

        result.AddError(
            $"--seconds cannot be '{text}'; write a number from {DemoOptions.MinSeconds} to {DemoOptions.MaxSeconds}"
        );
        return default;
    }
}
