using System.Text.Json;
using Weft.Naming;

namespace Weft.Cli.Output;

/// <summary>A list of problems as JSON.</summary>
internal static class ProblemJson
{
    public static void Write(Utf8JsonWriter writer, string property, IEnumerable<Problem> problems)
    {
        writer.WriteStartArray(property);
        foreach (var problem in problems)
        {
            writer.WriteStartObject();
            writer.WriteString("file", problem.File);
            writer.WriteNumber("line", problem.Line);
            writer.WriteNumber("column", problem.Column);
            writer.WriteString("message", problem.Message);
            if (problem.Remedy is not null)
            {
                writer.WriteString("remedy", problem.Remedy);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
