using System.Text.Json;

namespace Weft.Cli.Stats;

/// <summary>Calls for machines; what is not known is null.</summary>
internal static class TrafficJson
{
    public static void Write(Utf8JsonWriter writer, TrafficShape shape, TrafficSight sight, IEnumerable<CallRow> rows)
    {
        writer.WriteStartObject();
        WriteSources(writer, sight.WindowSeconds, sight.CoveredSeconds, sight.Sources);
        writer.WriteStartArray(shape.Property);
        foreach (var (key, calls) in rows)
        {
            writer.WriteStartObject();
            if (shape.HasCaller)
            {
                writer.WriteString("caller", key.Caller);
            }

            writer.WriteString("service", key.Service);
            if (shape.HasRoute)
            {
                writer.WriteString("route", key.Route);
            }

            StatJson.WriteCalls(writer, "requests", calls);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>Both tables of <c>weft stat</c>, as a control plane has them.</summary>
    public static void Write(
        Utf8JsonWriter writer,
        double windowSeconds,
        double? coveredSeconds,
        IEnumerable<TrafficSource> sources,
        ProxyStats stats
    )
    {
        writer.WriteStartObject();
        WriteSources(writer, windowSeconds, coveredSeconds, sources);
        StatJson.WriteServices(writer, stats.Services);
        StatJson.WriteClients(writer, stats.Clients);
        writer.WriteEndObject();
    }

    private static void WriteSources(
        Utf8JsonWriter writer,
        double windowSeconds,
        double? coveredSeconds,
        IEnumerable<TrafficSource> sources
    )
    {
        writer.WriteNumber("windowSeconds", windowSeconds);
        StatJson.WriteNumber(writer, "coveredSeconds", coveredSeconds);
        writer.WriteStartArray("proxies");
        foreach (var source in sources)
        {
            writer.WriteStartObject();
            writer.WriteString("proxy", source.Name);
            writer.WriteString("caller", source.Caller);
            StatJson.WriteNumber(writer, "ageSeconds", source.AgeSeconds);
            writer.WriteString("note", source.Note);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
