using System.Text.Json;
using Weft.Discovery;
using Weft.Telemetry;

namespace Weft.Proxy;

/// <summary>What a proxy says of its process and of the sources that it asks itself, as JSON.</summary>
internal static class ProcessJson
{
    /// <summary>Which program this is, what its clock says, and how many loops share how many cores.</summary>
    public static void Write(Utf8JsonWriter writer, int workers, DateTimeOffset now)
    {
        writer.WriteStartObject("process");
        writer.WriteString("version", ProgramVersion.Text);
        writer.WriteString("time", now);
        writer.WriteNumber("workers", workers);
        writer.WriteNumber("cores", Environment.ProcessorCount);
        writer.WriteEndObject();
    }

    /// <summary>As a control plane says it of its own (<c>GET /api/v1/status</c>).</summary>
    public static void WriteNamers(Utf8JsonWriter writer, IReadOnlyList<NamerReport> namers)
    {
        writer.WriteStartArray("namers");
        foreach (var namer in namers)
        {
            writer.WriteStartObject();
            writer.WriteString("name", namer.Document.Name);
            writer.WriteString("kind", namer.Document.Spec.Kind);
            writer.WriteString("prefix", namer.Document.Prefix.ToString());
            writer.WriteString("state", namer.State);
            writer.WriteNumber("ageSeconds", Math.Round((namer.FailingFor ?? TimeSpan.Zero).TotalSeconds, 3));
            writer.WriteStartArray("problems");
            foreach (var problem in namer.Problems)
            {
                writer.WriteStringValue(problem.ToString());
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
