using System.Text.Json;

namespace Weft.Cli.Stats;

/// <summary>The numbers of proxies for machines; what is not known is null.</summary>
internal static class StatJson
{
    public static void Write(Utf8JsonWriter writer, TimeSpan window, IReadOnlyList<ProxyReport> reports)
    {
        writer.WriteStartObject();
        writer.WriteNumber("windowSeconds", window.TotalSeconds);
        writer.WriteStartArray("proxies");
        foreach (var report in reports)
        {
            writer.WriteStartObject();
            writer.WriteString("address", report.Address);
            writer.WriteString("error", report.Error);
            WriteServices(writer, report.Stats?.Services ?? []);
            WriteClients(writer, report.Stats?.Clients ?? []);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>As a property of the object that is being written.</summary>
    public static void WriteServices(Utf8JsonWriter writer, IReadOnlyList<ServiceStats> services)
    {
        writer.WriteStartArray("services");
        foreach (var service in services)
        {
            writer.WriteStartObject();
            writer.WriteString("direction", service.Direction);
            writer.WriteString("service", service.Service);
            WriteCalls(writer, "requests", service.Requests);
            WriteNumber(writer, "inFlight", service.InFlight);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <inheritdoc cref="WriteServices"/>
    public static void WriteClients(Utf8JsonWriter writer, IReadOnlyList<ClientStats> clients)
    {
        writer.WriteStartArray("clients");
        foreach (var client in clients)
        {
            writer.WriteStartObject();
            writer.WriteString("direction", client.Direction);
            writer.WriteString("client", client.Client);
            WriteCalls(writer, "attempts", client.Attempts);
            writer.WriteNumber("retries", client.Retries);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>As properties of the object that is being written; the count has a name of its own.</summary>
    public static void WriteCalls(Utf8JsonWriter writer, string count, CallStats calls)
    {
        writer.WriteNumber(count, calls.Count);
        WriteNumber(writer, "successRate", calls.SuccessRate);
        WriteNumber(writer, "rps", calls.PerSecond);
        WriteNumber(writer, "p50Ms", calls.Latencies.P50 * 1000);
        WriteNumber(writer, "p95Ms", calls.Latencies.P95 * 1000);
        WriteNumber(writer, "p99Ms", calls.Latencies.P99 * 1000);
    }

    /// <summary>What is not known is null.</summary>
    public static void WriteNumber(Utf8JsonWriter writer, string property, double? value)
    {
        if (value is { } known && double.IsFinite(known))
        {
            // Without the noise of binary fractions: nanoseconds and parts per million are as fine as it gets.
            writer.WriteNumber(property, Math.Round(known, 6));
        }
        else
        {
            writer.WriteNull(property);
        }
    }
}
