using System.CommandLine;
using Weft.Cli.Control;
using Weft.Cli.Invocation;

namespace Weft.Cli.Verbs;

/// <summary><c>weft apply</c>: writes documents to a control plane, together or not at all.</summary>
internal static class ApplyVerb
{
    public static Command Create(CliContext context)
    {
        var files = DocumentFiles.Option();
        var revision = new Option<long?>("--revision")
        {
            Description = "Only if none of the documents has changed after this revision",
            HelpName = "REV",
        };
        var verb = new Verb(
            "apply",
            "Writes documents to a control plane: all of them, or none when one is not valid.",
            "weft apply -f ./mesh",
            "weft apply -f dtab.yaml --revision 42 --control 127.0.0.1:4190"
        )
        {
            files,
            revision,
        };
        return new DocumentVerb(context).Complete(
            verb,
            async (client, result, format, stop) =>
            {
                var request = DocumentFiles.Read(context, result.GetRequiredValue(files), result.GetValue(revision));
                return ChangeReport.Write(context, format, await client.ApplyAsync(request, stop));
            }
        );
    }
}
