using System.CommandLine;
using System.Text.Json;
using Weft.Api.Documents;
using Weft.Cli.Control;
using Weft.Cli.Invocation;
using Weft.Cli.Output;

namespace Weft.Cli.Verbs;

/// <summary><c>weft get</c>: the documents of a control plane, or the text of one.</summary>
internal static class GetVerb
{
    public static Command Create(CliContext context)
    {
        var kind = DocumentVerb.KindArgument();
        kind.Arity = ArgumentArity.ZeroOrOne;
        var name = DocumentVerb.NameArgument();
        name.Arity = ArgumentArity.ZeroOrOne;
        var revision = new Option<long?>("--revision")
        {
            Description = "The document as it was at this revision; 'weft history' lists them",
            HelpName = "REV",
        };
        var verb = new Verb(
            "get",
            "Lists the documents of a control plane, or shows one as it was written.",
            "weft get",
            "weft get dtab default > default.yaml",
            "weft get service books --revision 42 -o json"
        )
        {
            kind,
            name,
            revision,
        };
        return new DocumentVerb(context).Complete(
            verb,
            async (client, result, format, stop) =>
            {
                var (kindName, documentName) = (result.GetValue(kind), result.GetValue(name));
                if (documentName is null)
                {
                    DocumentTable.WriteList(context, format, await client.ListAsync(kindName, stop));
                    return ExitCodes.Done;
                }

                var document = await client.GetAsync(kindName!, documentName, result.GetValue(revision), stop);
                Write(context, format, document);
                return ExitCodes.Done;
            }
        );
    }

    private static void Write(CliContext context, OutputFormat format, DocumentInfo document)
    {
        if (format is OutputFormat.Text)
        {
            // As it was written, so that it can be edited and applied; only a terminal is not to obey what stands in it.
            var text = document.Text is { } whole && !whole.EndsWith('\n') ? whole + "\n" : document.Text ?? "";
            context.Out.Write(context.IsTerminal ? Printable.Lines(text) : text);
            return;
        }

        MachineOutput.Write(
            context.Out,
            format,
            w => JsonSerializer.Serialize(w, document, ControlJson.Plain.DocumentInfo)
        );
    }
}
