using System.Globalization;
using System.Text.Json;
using Weft.Naming;

namespace Weft.Proxy;

/// <summary>What a proxy says of itself, as JSON.</summary>
internal static class AdminJson
{
    public static void WriteConfig(
        Utf8JsonWriter writer,
        World world,
        WorldKeeper keeper,
        ProxyServer server,
        DateTimeOffset now
    )
    {
        var status = keeper.Status;
        writer.WriteStartObject();
        writer.WriteNumber("version", world.Version);
        ProcessJson.Write(writer, server.Workers, now);
        writer.WriteString("file", keeper.File);
        writer.WriteString("loadedAt", status.LoadedAt);
        if (keeper.StaleSince is { } since)
        {
            writer.WriteString("staleSince", since);
        }

        writer.WriteString("resources", world.Config.Resources);
        if (keeper.Control is { } control)
        {
            control.Describe(writer, world.Config, now);
        }

        writer.WriteStartArray("listeners");
        foreach (var (config, local) in server.Listeners)
        {
            writer.WriteStartObject();
            writer.WriteString("name", config.Name);
            writer.WriteString("kind", config.Kind == Resources.ListenerKind.Outbound ? "outbound" : "inbound");
            writer.WriteString("address", local?.ToString());
            writer.WriteString("service", config.Service);
            writer.WriteString("to", config.To?.ToString());
            writer.WriteString("dtab", world.DtabOf(config).Show());
            writer.WriteNumber("connections", config.Limits.Connections);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("documents");
        foreach (var resource in world.Resources.All)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", resource.Kind);
            writer.WriteString("name", resource.Name);
            writer.WriteString("from", resource.Origin.ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        ProcessJson.WriteNamers(writer, keeper.Namers);
        WriteProblems(writer, "warnings", world.Resources.Warnings);
        WriteProblems(writer, "problems", status.Problems);
        writer.WriteStartArray("rejected");
        foreach (var rejection in status.Rejections)
        {
            writer.WriteStartObject();
            writer.WriteString("time", rejection.Time);
            WriteProblems(writer, "problems", rejection.Problems);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void WriteEndpoints(Utf8JsonWriter writer, Survey survey)
    {
        writer.WriteStartArray();
        foreach (var client in survey.Endpoints.GroupBy(e => (e.Direction, e.Client)))
        {
            writer.WriteStartObject();
            writer.WriteString("direction", ProxyMetrics.Text(client.Key.Direction));
            writer.WriteString("client", client.Key.Client);
            writer.WriteStartArray("endpoints");
            foreach (var endpoint in client)
            {
                writer.WriteStartObject();
                writer.WriteString("address", endpoint.Address);
                writer.WriteNumber("weight", endpoint.Weight);
                writer.WriteString("state", endpoint.State);
                if (endpoint.Why is not null)
                {
                    writer.WriteString("why", endpoint.Why);
                }

                writer.WriteNumber("inFlight", endpoint.InFlight);
                writer.WriteNumber("connections", endpoint.Open);
                writer.WriteNumber("idle", endpoint.Idle);
                writer.WriteNumber("waiting", endpoint.Waiting);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static void WriteFailures(
        Utf8JsonWriter writer,
        IReadOnlyList<(Direction Direction, Failure Failure)> failures
    )
    {
        writer.WriteStartArray();
        foreach (var (direction, failure) in failures)
        {
            writer.WriteStartObject();
            writer.WriteString("time", failure.Time.ToString("O", CultureInfo.InvariantCulture));
            writer.WriteString("direction", ProxyMetrics.Text(direction));
            writer.WriteString("listener", failure.Listener);
            writer.WriteString("name", failure.Name);
            writer.WriteString("method", failure.Method);
            writer.WriteString("path", failure.Path);
            writer.WriteNumber("status", failure.Error.Reason.Status());
            writer.WriteString("reason", failure.Error.Reason.Text());
            writer.WriteString("message", failure.Error.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteProblems(Utf8JsonWriter writer, string name, IReadOnlyList<Problem> problems)
    {
        writer.WriteStartArray(name);
        foreach (var problem in problems)
        {
            writer.WriteStringValue(problem.ToString());
        }

        writer.WriteEndArray();
    }
}
