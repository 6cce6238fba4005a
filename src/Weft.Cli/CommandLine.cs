using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Weft.Cli.Demo;
using Weft.Cli.Invocation;
using Weft.Cli.Verbs;

namespace Weft.Cli;

/// <summary>The command line: which verbs there are, and how one is run.</summary>
internal static class CommandLine
{
    /// <summary>Every verb, in the order in which help shows them.</summary>
    public static RootCommand Create(CliContext context)
    {
        var root = new RootCommand("A service mesh in one program.")
        {
            DemoVerb.Create(context),
            ProxyVerb.Create(context),
            ControlVerb.Create(context),
            DtabVerb.Create(context),
            DelegateVerb.Create(context),
            ResolveVerb.Create(context),
            ValidateVerb.Create(context),
            ApplyVerb.Create(context),
            GetVerb.Create(context),
            DeleteVerb.Create(context),
            DiffVerb.Create(context),
            HistoryVerb.Create(context),
            RollbackVerb.Create(context),
            ProxiesVerb.Create(context),
            StatVerb.Create(context),
            EdgesVerb.Create(context),
            RoutesVerb.Create(context),
            TopVerb.Create(context),
            CheckVerb.Create(context),
            VersionVerb.Create(context),
            ServiceVerb.Create(context),
        };
        root.HelpName = "weft";
        UseOwnOptions(root, context);
        return root;
    }

    /// <summary>Runs this process' command line, until it ends or a signal stops it.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Parse(args, CliContext.OfProcess());
        using var signals = parsed.Result.Action is AsynchronousCommandLineAction ? new StopSignals() : null;
        return await RunAsync(parsed, signals?.Token ?? CancellationToken.None);
    }

    /// <summary>Runs a command line in the world that the context describes.</summary>
    public static Task<int> RunAsync(string[] args, CliContext context, CancellationToken stop = default) =>
        RunAsync(Parse(args, context), stop);

    private static (ParseResult Result, CliContext Context) Parse(string[] args, CliContext context)
    {
        // A name may begin with '@', which would otherwise name a file of further arguments.
        var configuration = new ParserConfiguration { ResponseFileTokenReplacer = null };
        return (Create(context).Parse(args, configuration), context);
    }

    private static async Task<int> RunAsync((ParseResult Result, CliContext Context) parsed, CancellationToken stop)
    {
        var (result, context) = parsed;
        if (result.Action is null or ParseErrorAction)
        {
            return UsageErrors.Report(result, context.Error);
        }

        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = context.Out,
                Error = context.Error,
                EnableDefaultExceptionHandler = false,
                // Signals cancel the token; how long a verb then takes is its own affair (a proxy drains).
                ProcessTerminationTimeout = null,
            };
            return await result.InvokeAsync(configuration, stop);
        }
        catch (InvalidInputException invalid)
        {
            await context.Error.WriteLineAsync(invalid.Message);
            return ExitCodes.Invalid;
        }
        catch (IOException unwritable)
        {
            // Files that cannot be read are invalid input and were told apart before: this is the output, a full disk for one.
            await context.Error.WriteLineAsync($"weft: cannot write the output: {unwritable.Message}");
            return ExitCodes.No;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
    }

    /// <summary>The customary options, without the aliases that begin with '/': here, those are names.</summary>
    private static void UseOwnOptions(RootCommand root, CliContext context)
    {
        foreach (var option in root.Options.Where(o => o is HelpOption or VersionOption).ToArray())
        {
            root.Options.Remove(option);
        }

        root.Options.Add(
            new HelpOption("--help", "-h")
            {
                Description = "Shows this",
                Recursive = true,
                Action = new HelpWithExamples(),
            }
        );
        root.Options.Add(
            new VersionOption("--version") { Description = "Shows the version", Action = new VersionAction(context) }
        );
    }
}
