using System.Text.Json;

namespace Weft.Naming;

/// <summary>
/// What a name resolves to as JSON, the same for the command line and for a control plane:
/// <code>{"path": "/svc/web", "bound": {...}, "names": [{"id": ..., "residual": ..., "share": 1, "state": "known", "endpoints": [...]}]}</code>
/// </summary>
public static class ResolutionJson
{
    /// <summary>The whole object: the path, the outcome as a request would see it, and each concrete name with its endpoints.</summary>
    /// <param name="writer">Not flushed here.</param>
    /// <param name="path">The path that was asked for.</param>
    /// <param name="bound">What <see cref="Binder"/> answered.</param>
    /// <param name="names">What <see cref="ResolvedName.Of"/> made of it.</param>
    public static void Write(Utf8JsonWriter writer, Path path, NameState bound, IReadOnlyList<ResolvedName> names)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(names);
        writer.WriteStartObject();
        writer.WriteString("path", path.ToString());
        writer.WritePropertyName("bound");
        DelegationJson.WriteBound(writer, bound);
        writer.WriteStartArray("names");
        foreach (var name in names)
        {
            WriteName(writer, name);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteName(Utf8JsonWriter writer, ResolvedName name)
    {
        writer.WriteStartObject();
        writer.WriteString("id", name.Name.Id.ToString());
        writer.WriteString("residual", name.Name.Residual.ToString());
        writer.WriteNumber("share", name.Share);
        writer.WriteString("state", name.State);
        if (name.Message is not null)
        {
            writer.WriteString("message", name.Message);
        }

        writer.WriteStartArray("endpoints");
        foreach (var endpoint in name.Known)
        {
            writer.WriteStartObject();
            writer.WriteString("address", endpoint.Address.ToString());
            writer.WriteNumber("weight", endpoint.Weight);
            writer.WriteString("state", name.State);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
