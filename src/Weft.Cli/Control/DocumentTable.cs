using System.Globalization;
using System.Text.Json;
using Weft.Api.Documents;
using Weft.Cli.Invocation;
using Weft.Cli.Output;

namespace Weft.Cli.Control;

/// <summary>Shows documents, or the revisions of one.</summary>
internal static class DocumentTable
{
    public static void WriteList(CliContext context, OutputFormat format, DocumentList list)
    {
        if (IsForMachines(context, format, list))
        {
            return;
        }

        var table = new TextTable(
            new Column("KIND"),
            new Column("NAME"),
            new Column("REVISION", IsNumeric: true),
            new Column("VERSION", IsNumeric: true),
            new Column("TIME"),
            new Column("AUTHOR")
        );
        foreach (var document in list.Documents)
        {
            table.Add(
                document.Kind,
                document.Name,
                $"{document.Revision}",
                $"{document.Version}",
                TimeOf(document),
                document.Author
            );
        }

        table.Write(context.Out, context.IsStyled);
    }

    public static void WriteHistory(CliContext context, OutputFormat format, DocumentList list)
    {
        if (IsForMachines(context, format, list))
        {
            return;
        }

        var table = new TextTable(
            new Column("REVISION", IsNumeric: true),
            new Column("VERSION", IsNumeric: true),
            new Column("TIME"),
            new Column("AUTHOR"),
            new Column("CHANGE")
        );
        for (var i = 0; i < list.Documents.Count; i++)
        {
            var revision = list.Documents[i];
            var before = i + 1 < list.Documents.Count ? list.Documents[i + 1] : null;
            var change =
                revision.Removed ? "removed"
                : revision.Version == 1 || before is { Removed: true } ? "created"
                : "changed";
            table.Add($"{revision.Revision}", $"{revision.Version}", TimeOf(revision), revision.Author, change);
        }

        table.Write(context.Out, context.IsStyled);
    }

    private static bool IsForMachines(CliContext context, OutputFormat format, DocumentList list)
    {
        if (format is OutputFormat.Text)
        {
            return false;
        }

        MachineOutput.Write(
            context.Out,
            format,
            w => JsonSerializer.Serialize(w, list, ControlJson.Plain.DocumentList)
        );
        return true;
    }

    private static string TimeOf(DocumentInfo document) =>
        document.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
