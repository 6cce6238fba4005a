using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using Weft.Cli.Invocation;
using Weft.Cli.Output;
using Weft.Telemetry;

namespace Weft.Cli.Verbs;

/// <summary><c>weft version</c>: what exactly is running.</summary>
internal static class VersionVerb
{
    public static Command Create(CliContext context)
    {
        var output = OutputOption.Create();
        var verb = new Verb("version", "Shows version, commit and runtime.", "weft version -o json") { output };
        verb.SetAction(result => Write(context, result.GetValue(output)));
        return verb;
    }

    public static int Write(CliContext context, OutputFormat format)
    {
        var (version, commit) = Split(ProgramVersion.Text);
        var runtime = RuntimeInformation.FrameworkDescription;
        var platform = RuntimeInformation.RuntimeIdentifier;
        if (format is OutputFormat.Text)
        {
            context.Out.WriteLine($"weft {version}");
            context.Out.WriteLine($"commit {commit}");
            context.Out.WriteLine($"runtime {runtime} ({platform})");
            return ExitCodes.Done;
        }

        MachineOutput.Write(
            context.Out,
            format,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("version", version);
                writer.WriteString("commit", commit);
                writer.WriteString("runtime", runtime);
                writer.WriteString("platform", platform);
                writer.WriteEndObject();
            }
        );
        return ExitCodes.Done;
    }

    /// <summary>The build puts the commit behind a '+', where there is one.</summary>
    internal static (string Version, string Commit) Split(string program) =>
        program.Split('+', 2) switch
        {
            [var version, var commit] => (version, commit),
            [{ Length: > 0 } version] => (version, "unknown"),
            _ => ("unknown", "unknown"),
        };
}

/// <summary>The option <c>--version</c>.</summary>
internal sealed class VersionAction(CliContext context) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult) => VersionVerb.Write(context, OutputFormat.Text);
}
