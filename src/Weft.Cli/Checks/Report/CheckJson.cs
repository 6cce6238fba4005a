using System.Text.Json;

namespace Weft.Cli.Checks;

/// <summary>Findings for machines.</summary>
internal static class CheckJson
{
    public static void Write(Utf8JsonWriter writer, CheckReport report)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("ok", report.IsOk);
        writer.WriteStartArray("findings");
        foreach (var (check, target, status, detail, remedy) in report.Findings)
        {
            writer.WriteStartObject();
            writer.WriteString("check", check);
            writer.WriteString("target", target);
            writer.WriteString("status", CheckText.WordOf(status));
            writer.WriteString("detail", detail);
            writer.WriteString("remedy", remedy);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
