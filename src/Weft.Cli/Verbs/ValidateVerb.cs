using System.CommandLine;
using Weft.Cli.Invocation;
using Weft.Cli.Output;
using Weft.Cli.Sources;

namespace Weft.Cli.Verbs;

/// <summary><c>weft validate</c>: everything that is wrong with documents and a proxy's file, in one run.</summary>
internal static class ValidateVerb
{
    public static Command Create(CliContext context)
    {
        var files = new Option<string[]>("--file", "-f")
        {
            Description = "A file or folder of documents, - for standard input; may be repeated",
            HelpName = "FILE|DIR",
        };
        var proxy = new Option<string?>("--proxy-config")
        {
            Description = "A proxy's file; the documents that it names are read too",
            HelpName = "FILE",
        };
        var output = OutputOption.Create();
        var verb = new Verb(
            "validate",
            "Checks documents and a proxy's file, and shows all that is wrong with them.",
            "weft validate -f ./mesh",
            "weft validate -f dtab.yaml -f services.yaml --proxy-config proxy.yaml -o json"
        )
        {
            files,
            proxy,
            output,
        };
        verb.SetAction(result =>
        {
            var paths = result.GetValue(files) ?? [];
            var config = result.GetValue(proxy);
            if (paths.Length == 0 && config is null)
            {
                throw new InvalidInputException(
                    "weft validate: there is nothing to check; give -f FILE, -f DIR or --proxy-config FILE"
                );
            }

            return Report(context, result.GetValue(output), Validation.Run(context, paths, config));
        });
        return verb;
    }

    private static int Report(CliContext context, OutputFormat format, Validation validation)
    {
        foreach (var problem in validation.Errors)
        {
            TextLine.Write(context.Error, problem.ToString());
        }

        Warnings.Write(context.Error, validation.Warnings);
        if (format is OutputFormat.Text)
        {
            context.Out.WriteLine(validation.Summary);
        }
        else
        {
            MachineOutput.Write(
                context.Out,
                format,
                writer =>
                {
                    writer.WriteStartObject();
                    writer.WriteBoolean("valid", validation.IsValid);
                    writer.WriteNumber("files", validation.Files);
                    writer.WriteNumber("documents", validation.Documents);
                    ProblemJson.Write(writer, "errors", validation.Errors);
                    ProblemJson.Write(writer, "warnings", validation.Warnings);
                    writer.WriteEndObject();
                }
            );
        }

        return validation.IsValid ? ExitCodes.Done : ExitCodes.Invalid;
    }
}
