using System.CommandLine;
using System.Text.Json;
using Weft.Api.Documents;
using Weft.Cli.Control;
using Weft.Cli.Invocation;
using Weft.Cli.Output;

namespace Weft.Cli.Verbs;

/// <summary><c>weft diff</c>: what documents would change in a control plane.</summary>
internal static class DiffVerb
{
    public static Command Create(CliContext context)
    {
        var files = DocumentFiles.Option();
        var verb = new Verb(
            "diff",
            "Shows what documents would change in a control plane; writes nothing. Exit 1 when something would.",
            "weft diff -f ./mesh",
            "weft diff -f dtab.yaml -o json"
        )
        {
            files,
        };
        return new DocumentVerb(context).Complete(
            verb,
            async (client, result, format, stop) =>
            {
                var request = DocumentFiles.Read(context, result.GetRequiredValue(files));
                return Write(context, format, await client.DiffAsync(request, stop));
            }
        );
    }

    private static int Write(CliContext context, OutputFormat format, ApplyResult diff)
    {
        Warnings.Write(context.Error, [.. diff.Warnings.Select(DocumentVerb.ProblemOf)]);
        var changes = diff.Changes.Where(c => c.Change != DocumentChangeInfo.Unchanged).ToArray();
        if (format is not OutputFormat.Text)
        {
            MachineOutput.Write(
                context.Out,
                format,
                w => JsonSerializer.Serialize(w, diff, ControlJson.Plain.ApplyResult)
            );
        }
        else if (changes.Length == 0)
        {
            context.Out.WriteLine("no difference");
        }

        if (format is OutputFormat.Text)
        {
            foreach (var change in changes)
            {
                var before = change.Before is { } revision ? $", now at revision {revision}" : "";
                context.Out.WriteLine($"{change.Change}: {change.Kind} {change.Name}{before}");
                DiffText.Write(context.Out, change.Lines ?? []);
            }
        }

        return changes.Length == 0 ? ExitCodes.Done : ExitCodes.No;
    }
}
