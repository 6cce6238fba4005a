using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Weft.Api.Documents;
using Weft.Cli.Control;
using Weft.Cli.Invocation;
using Weft.Cli.Output;
using Weft.Resources.Scalars;

namespace Weft.Cli.Verbs;

/// <summary><c>weft diff</c>: what documents would change in a control plane, and what that would do to live traffic.</summary>
internal static class DiffVerb
{
    private static readonly TimeSpan DefaultWindow = TimeSpan.FromMinutes(5);

    public static Command Create(CliContext context)
    {
        var files = DocumentFiles.Option();
        var live = new Option<bool>("--live")
        {
            Description = "Also shows what the change would do to the requests that proxies have seen lately",
        };
        var window = new Option<TimeSpan?>("--window", "-w")
        {
            Description = "With --live: how far back, 5m if not said; from 10s to 10m",
            HelpName = "DURATION",
            CustomParser = ParseWindow,
        };
        var all = new Option<bool>("--all") { Description = "With --live: shows the requests that would stay, too" };
        var verb = new Verb(
            "diff",
            "Shows what documents would change in a control plane; writes nothing. Exit 1 when something would.",
            "weft diff -f ./mesh",
            "weft diff --live -f dtab.yaml",
            "weft diff -f dtab.yaml -o json"
        )
        {
            files,
            live,
            window,
            all,
        };
        return new DocumentVerb(context).Complete(
            verb,
            async (client, result, format, stop) =>
            {
                if (!result.GetValue(live))
                {
                    RefuseAlone(result, window, all);
                    var request = DocumentFiles.Read(context, result.GetRequiredValue(files));
                    return Write(context, format, await client.DiffAsync(request, stop));
                }

                var documents = DocumentFiles.Read(context, result.GetRequiredValue(files));
                var length = result.GetValue(window) ?? DefaultWindow;
                var preview = await client.PreviewAsync(documents, length, stop);
                return WriteLive(context, format, preview, result.GetValue(all));
            }
        );
    }

    private static int Write(CliContext context, OutputFormat format, ApplyResult diff)
    {
        Warnings.Write(context.Error, [.. diff.Warnings.Select(DocumentVerb.ProblemOf)]);
        var changes = ChangesOf(diff.Changes);
        if (format is OutputFormat.Text)
        {
            DifferenceText.Write(context.Out, changes);
        }
        else
        {
            MachineOutput.Write(
                context.Out,
                format,
                w => JsonSerializer.Serialize(w, diff, ControlJson.Plain.ApplyResult)
            );
        }

        return changes.Length == 0 ? ExitCodes.Done : ExitCodes.No;
    }

    private static int WriteLive(CliContext context, OutputFormat format, PreviewResult preview, bool all)
    {
        Warnings.Write(context.Error, [.. preview.Warnings.Select(DocumentVerb.ProblemOf)]);
        var changes = ChangesOf(preview.Changes);
        if (format is OutputFormat.Text)
        {
            DifferenceText.Write(context.Out, changes);
            PreviewText.Write(context.Out, context.IsStyled, preview, all);
        }
        else
        {
            MachineOutput.Write(
                context.Out,
                format,
                w => JsonSerializer.Serialize(w, preview, ControlJson.Plain.PreviewResult)
            );
        }

        return changes.Length == 0 ? ExitCodes.Done : ExitCodes.No;
    }

    private static DocumentChangeInfo[] ChangesOf(IEnumerable<DocumentChangeInfo> changes) =>
        [.. changes.Where(c => c.Change != DocumentChangeInfo.Unchanged)];

    private static void RefuseAlone(ParseResult result, params Option[] options)
    {
        if (Array.Find(options, o => result.GetResult(o) is { Implicit: false }) is { } option)
        {
            throw new InvalidInputException($"{option.Name}: it is about live traffic; give --live too");
        }
    }

    private static TimeSpan? ParseWindow(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (DurationText.TryParse(text, out var window) && window > TimeSpan.Zero)
        {
            return window;
        }

        result.AddError($"--window cannot be '{text}'; write a duration, such as 30s or 5m");
        return null;
    }
}
