using System.CommandLine;
using Weft.Cli.Control;
using Weft.Cli.Invocation;

namespace Weft.Cli.Verbs;

/// <summary><c>weft delete</c>: removes a document from a control plane.</summary>
internal static class DeleteVerb
{
    public static Command Create(CliContext context)
    {
        var (kind, name) = (DocumentVerb.KindArgument(), DocumentVerb.NameArgument());
        var revision = new Option<long?>("--revision")
        {
            Description = "Only if the document is at this revision",
            HelpName = "REV",
        };
        var verb = new Verb(
            "delete",
            "Removes a document from a control plane; 'weft rollback' brings it back.",
            "weft delete service books",
            "weft delete dtab default --revision 42"
        )
        {
            kind,
            name,
            revision,
        };
        return new DocumentVerb(context).Complete(
            verb,
            async (client, result, format, stop) =>
                ChangeReport.Write(
                    context,
                    format,
                    await client.DeleteAsync(
                        result.GetRequiredValue(kind),
                        result.GetRequiredValue(name),
                        result.GetValue(revision),
                        stop
                    )
                )
        );
    }
}
