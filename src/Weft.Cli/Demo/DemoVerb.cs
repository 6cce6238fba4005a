using System.CommandLine;
using System.Runtime.InteropServices;
using Spectre.Console;

namespace Weft.Cli.Demo;

/// <summary><c>weft demo</c>: a small bookshop of real processes behind real proxies, and what the mesh does for it.</summary>
internal static class DemoVerb
{
    private const int Held = 0;
    private const int NotHeld = 1;
    private const int Interrupted = 130;

    public static Command Create()
    {
        var seconds = new Option<int>("--seconds")
        {
            Description =
                $"It ends within so many seconds, {DemoOptions.MinSeconds} to {DemoOptions.MaxSeconds}; the more, the more evidence.",
            DefaultValueFactory = static _ => DemoOptions.DefaultSeconds,
        };
        seconds.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<int>() is < DemoOptions.MinSeconds or > DemoOptions.MaxSeconds)
            {
                result.AddError($"--seconds takes {DemoOptions.MinSeconds} to {DemoOptions.MaxSeconds}");
            }
        });
        var output = new Option<string>("--output", "-o")
        {
            Description = "'text' for people, 'json' for machines.",
            DefaultValueFactory = static _ => "text",
        };
        output.AcceptOnlyFromAmong("text", "json");
        var keep = new Option<bool>("--keep")
        {
            Description = "Leave the shop open after the story, to play with it, until Ctrl-C.",
        };
        var command = new Command(
            "demo",
            "Runs a small bookshop of real processes behind real proxies, with traffic and a fault, and shows what the mesh does.\n"
                + "Example: weft demo --seconds 20"
        )
        {
            seconds,
            output,
            keep,
        };
        command.SetAction(
            (result, cancel) =>
                RunAsync(
                    new DemoOptions(
                        TimeSpan.FromSeconds(result.GetValue(seconds)),
                        result.GetValue(output) == "json",
                        result.GetValue(keep)
                    ),
                    cancel
                )
        );
        return command;
    }

    private static async Task<int> RunAsync(DemoOptions options, CancellationToken cancel)
    {
        using var interruption = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
        try
        {
            var report = await TellAsync(options, interruption.Token);
            return report.Held ? Held : NotHeld;
        }
        catch (OperationCanceledException) when (interruption.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (DemoException) when (interruption.IsCancellationRequested)
        {
            // An interruption from the terminal reaches every process: one of the shop's ended first.
            return Interrupted;
        }
        catch (DemoException error)
        {
            await Console.Error.WriteLineAsync($"weft demo: {error.Message}");
            return NotHeld;
        }

        void End(PosixSignalContext context)
        {
            // The end comes when every process is stopped. Whoever cannot wait for that interrupts once more, and the shop's processes
            // find their parent gone.
            context.Cancel = !interruption.IsCancellationRequested;
            interruption.Cancel();
        }
    }

    private static async Task<DemoReport> TellAsync(DemoOptions options, CancellationToken cancel)
    {
        // Where the search for free ports begins: different for demos that run at the same time.
        var random = new Random(Environment.ProcessId);
        if (options.AsJson)
        {
            var report = await new DemoRun(options, new SilentView(), random, TimeProvider.System).RunAsync(cancel);
            Console.WriteLine(report.ToJson());
            return report;
        }

        if (!IsTerminal)
        {
            return await new DemoRun(options, new LineView(Console.Out), random, TimeProvider.System).RunAsync(cancel);
        }

        await using var live = new LiveView(AnsiConsole.Console);
        return await new DemoRun(options, live, random, TimeProvider.System).RunAsync(cancel);
    }

    private static bool IsTerminal => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;
}
