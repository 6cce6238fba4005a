using System.CommandLine;
using Weft.Cli.Control;
using Weft.Cli.Invocation;

namespace Weft.Cli.Verbs;

/// <summary><c>weft rollback</c>: makes a document say what it said before.</summary>
internal static class RollbackVerb
{
    public static Command Create(CliContext context)
    {
        var (kind, name) = (DocumentVerb.KindArgument(), DocumentVerb.NameArgument());
        var to = new Option<long>("--to")
        {
            Description = "The revision to go back to; 'weft history' lists them",
            HelpName = "REV",
            Required = true,
        };
        var verb = new Verb(
            "rollback",
            "Makes a document say what it said at a revision, as a new revision.",
            "weft rollback dtab default --to 42"
        )
        {
            kind,
            name,
            to,
        };
        return new DocumentVerb(context).Complete(
            verb,
            async (client, result, format, stop) =>
                ChangeReport.Write(
                    context,
                    format,
                    await client.RollbackAsync(
                        result.GetRequiredValue(kind),
                        result.GetRequiredValue(name),
                        result.GetRequiredValue(to),
                        stop
                    )
                )
        );
    }
}
