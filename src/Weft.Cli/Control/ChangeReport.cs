using System.Text.Json;
using Weft.Api.Documents;
using Weft.Cli.Invocation;
using Weft.Cli.Output;

namespace Weft.Cli.Control;

/// <summary>Says what was changed.</summary>
internal static class ChangeReport
{
    public static int Write(CliContext context, OutputFormat format, ApplyResult result)
    {
        Warnings.Write(context.Error, [.. result.Warnings.Select(DocumentVerb.ProblemOf)]);
        if (format is not OutputFormat.Text)
        {
            MachineOutput.Write(
                context.Out,
                format,
                w => JsonSerializer.Serialize(w, result, ControlJson.Plain.ApplyResult)
            );
            return ExitCodes.Done;
        }

        var table = new TextTable(new Column(""), new Column(""));
        foreach (var change in result.Changes)
        {
            table.Add(new Cell(change.Change, ToneOf(change.Change)), $"{change.Kind} {change.Name}");
        }

        table.Write(context.Out, context.IsStyled);
        context.Out.WriteLine($"revision {result.Revision}");
        return ExitCodes.Done;
    }

    private static Tone ToneOf(string change) =>
        change switch
        {
            DocumentChangeInfo.Unchanged => Tone.Faint,
            DocumentChangeInfo.Removed => Tone.Warning,
            _ => Tone.Good,
        };
}
