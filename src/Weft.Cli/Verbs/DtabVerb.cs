using System.CommandLine;
using Weft.Cli.Invocation;
using Weft.Cli.Output;
using Weft.Cli.Sources;
using Weft.Naming;

namespace Weft.Cli.Verbs;

/// <summary><c>weft dtab check</c>: whether a dtab parses, and its normal form.</summary>
internal static class DtabVerb
{
    public static Command Create(CliContext context) =>
        new Verb("dtab", "Delegation tables.", "weft dtab check '/svc => /host ; /host => /#/file'") { Check(context) };

    private static Verb Check(CliContext context)
    {
        var text = new Argument<string?>("TEXT")
        {
            Description = "The entries, - for standard input",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var file = new Option<string?>("--file", "-f")
        {
            Description = "A file of entries, - for standard input",
            HelpName = "FILE",
        };
        var output = OutputOption.Create();
        var verb = new Verb(
            "check",
            "Reads a dtab, and prints its normal form, one entry a line.",
            "weft dtab check '/svc => /host ; /host => 0.9 * /#/file/v1 & 0.1 * /#/file/v2'",
            "weft dtab check -f books.dtab -o json"
        )
        {
            text,
            file,
            output,
        };
        verb.SetAction(result =>
        {
            var (source, entries) = (result.GetValue(text), result.GetValue(file)) switch
            {
                (null, { } path) => InputText.Read(context, path),
                (InputText.StandardInput, null) => InputText.Read(context, InputText.StandardInput),
                ({ } given, null) => ("dtab", given),
                (null, null) => throw new InvalidInputException(
                    "weft dtab check: there is nothing to check; give the entries, -f FILE, or - for standard input"
                ),
                _ => throw new InvalidInputException("weft dtab check: give either TEXT or -f FILE, not both"),
            };
            return Check(context, result.GetValue(output), source, entries);
        });
        return verb;
    }

    private static int Check(CliContext context, OutputFormat format, string source, string text)
    {
        var isValid = Dtab.TryParse(text, out var dtab, out var error);
        if (error is not null)
        {
            context.Error.WriteLine(SyntaxReport.Text(source, error));
        }

        if (format is not OutputFormat.Text)
        {
            WriteJson(context.Out, format, dtab, error?.ToProblem(source));
            return isValid ? ExitCodes.Done : ExitCodes.Invalid;
        }

        foreach (var line in dtab?.ShowLines() ?? [])
        {
            context.Out.WriteLine(line);
        }

        return isValid ? ExitCodes.Done : ExitCodes.Invalid;
    }

    private static void WriteJson(TextWriter output, OutputFormat format, Dtab? dtab, Problem? problem) =>
        MachineOutput.Write(
            output,
            format,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteBoolean("valid", problem is null);
                writer.WriteStartArray("dentries");
                foreach (var dentry in dtab?.Dentries ?? [])
                {
                    writer.WriteStartObject();
                    writer.WriteString("prefix", dentry.Prefix.ToString());
                    writer.WriteString("destination", dentry.Destination.ToString());
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                ProblemJson.Write(writer, "errors", problem is null ? [] : [problem]);
                writer.WriteEndObject();
            }
        );
}
