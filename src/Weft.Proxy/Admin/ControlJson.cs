using System.Globalization;
using System.Text.Json;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>What a proxy says of its control plane, as JSON: where what it knows comes from, which version that is, and how old.</summary>
internal static class ControlJson
{
    public static void Write(Utf8JsonWriter writer, ProxyConfig config, RemoteControl control, DateTimeOffset now)
    {
        var status = control.Status;
        writer.WriteStartObject("control");
        writer.WriteString("address", config.Control!.Address.ToString().TrimEnd('/'));
        writer.WriteString("id", control.Id);
        writer.WriteString("namespace", config.Control.Namespace);
        writer.WriteBoolean("connected", status.IsConnected);
        writer.WriteString("error", status.Error);
        writer.WriteString("from", control.Origin);
        writer.WriteString("version", control.Version.ToString("x16", CultureInfo.InvariantCulture));
        if (status.HeardAt is { } heard)
        {
            writer.WriteString("heardAt", heard);
            writer.WriteNumber("ageSeconds", status.IsConnected ? 0 : Math.Round((now - heard).TotalSeconds, 3));
        }

        writer.WriteString("snapshot", config.Snapshot);
        writer.WriteEndObject();
    }
}
