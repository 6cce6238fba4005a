using System.CommandLine;
using Weft.Cli.Control;
using Weft.Cli.Invocation;

namespace Weft.Cli.Verbs;

/// <summary><c>weft history</c>: who changed a document, and when.</summary>
internal static class HistoryVerb
{
    public static Command Create(CliContext context)
    {
        var (kind, name) = (DocumentVerb.KindArgument(), DocumentVerb.NameArgument());
        var verb = new Verb(
            "history",
            "Lists the revisions of a document that a control plane keeps, the latest first.",
            "weft history dtab default",
            "weft history service books -o json"
        )
        {
            kind,
            name,
        };
        return new DocumentVerb(context).Complete(
            verb,
            async (client, result, format, stop) =>
            {
                var list = await client.HistoryAsync(
                    result.GetRequiredValue(kind),
                    result.GetRequiredValue(name),
                    stop
                );
                DocumentTable.WriteHistory(context, format, list);
                return ExitCodes.Done;
            }
        );
    }
}
