using System.Text.Json;
using Weft.Naming;

namespace Weft.Control;

/// <summary>Names and addresses as namerd writes them.</summary>
internal static class NamerdJson
{
    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, DelegationJson.WriterOptions with { Indented = false }))
        {
            write(writer);
        }

        return bytes.ToArray();
    }

    public static void WriteDentries(Utf8JsonWriter writer, Dtab dtab)
    {
        writer.WriteStartArray();
        foreach (var dentry in dtab.Dentries)
        {
            WriteDentry(writer, dentry);
        }

        writer.WriteEndArray();
    }

    /// <summary>A bound name; what is not known (yet) is an exception.</summary>
    public static void WriteBound(Utf8JsonWriter writer, NameState state, IEndpointSource endpoints)
    {
        if (state is NameState.Ok ok)
        {
            WriteTree(writer, ok.Tree.Simplify(), endpoints);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type", "exception");
        writer.WriteString("message", MessageOf(state));
        writer.WriteEndObject();
    }

    public static void WriteAddresses(Utf8JsonWriter writer, EndpointSet set)
    {
        writer.WriteStartObject();
        switch (set)
        {
            case EndpointSet.Known known:
                writer.WriteString("type", "bound");
                writer.WriteStartArray("addrs");
                foreach (var endpoint in known.Endpoints)
                {
                    WriteEndpoint(writer, endpoint);
                }

                writer.WriteEndArray();
                writer.WriteStartObject("meta");
                writer.WriteEndObject();
                break;
            case EndpointSet.Failed failed:
                writer.WriteString("type", "failed");
                writer.WriteString("cause", failed.Message);
                break;
            default:
                writer.WriteString("type", set is EndpointSet.Neg ? "neg" : "pending");
                break;
        }

        writer.WriteEndObject();
    }

    public static void WriteStep(Utf8JsonWriter writer, Delegation step, IEndpointSource endpoints)
    {
        writer.WriteStartObject();
        writer.WriteString(
            "type",
            step.Kind is DelegationKind.Pending or DelegationKind.Error ? "exception" : step.Type
        );
        writer.WriteString("path", step.Path.ToString());
        if (step.Dentry is { } dentry)
        {
            writer.WritePropertyName("dentry");
            WriteDentry(writer, dentry);
        }
        else
        {
            writer.WriteNull("dentry");
        }

        WriteBelow(writer, step, endpoints);
        writer.WriteEndObject();
    }

    private static void WriteBelow(Utf8JsonWriter writer, Delegation step, IEndpointSource endpoints)
    {
        switch (step.Kind)
        {
            case DelegationKind.Leaf:
                WriteName(writer, step.Bound!, endpoints);
                break;
            case DelegationKind.Delegate:
                writer.WritePropertyName("delegate");
                WriteStep(writer, step.Children[0], endpoints);
                break;
            case DelegationKind.Alt:
                writer.WriteStartArray("alt");
                foreach (var child in step.Children)
                {
                    WriteStep(writer, child, endpoints);
                }

                writer.WriteEndArray();
                break;
            case DelegationKind.Union:
                writer.WriteStartArray("union");
                foreach (var child in step.Children)
                {
                    writer.WriteStartObject();
                    writer.WriteNumber("weight", child.Weight ?? 1);
                    writer.WritePropertyName("tree");
                    WriteStep(writer, child, endpoints);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                break;
            case DelegationKind.Error or DelegationKind.Pending:
                writer.WriteString("message", step.Message ?? DelegationJson.NotResolvedYet);
                break;
        }
    }

    private static void WriteTree(Utf8JsonWriter writer, NameTree<BoundName> tree, IEndpointSource endpoints)
    {
        writer.WriteStartObject();
        switch (tree)
        {
            case NameTree<BoundName>.Leaf leaf:
                writer.WriteString("type", "leaf");
                WriteName(writer, leaf.Value, endpoints);
                break;
            case NameTree<BoundName>.Union union:
                writer.WriteString("type", "union");
                writer.WriteStartArray("union");
                foreach (var (weight, member) in union.Members)
                {
                    writer.WriteStartObject();
                    writer.WriteNumber("weight", weight);
                    writer.WritePropertyName("tree");
                    WriteTree(writer, member, endpoints);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                break;
            default:
                writer.WriteString(
                    "type",
                    tree is NameTree<BoundName>.Fail ? "fail"
                        : tree is NameTree<BoundName>.Empty ? "empty"
                        : "neg"
                );
                break;
        }

        writer.WriteEndObject();
    }

    private static void WriteName(Utf8JsonWriter writer, BoundName name, IEndpointSource endpoints)
    {
        writer.WriteStartObject("bound");
        writer.WritePropertyName("addr");
        WriteAddresses(writer, endpoints.Endpoints(name.Id));
        writer.WriteString("id", name.Id.ToString());
        writer.WriteString("path", name.Residual.ToString());
        writer.WriteEndObject();
    }

    private static void WriteEndpoint(Utf8JsonWriter writer, Endpoint endpoint)
    {
        writer.WriteStartObject();
        writer.WriteString("ip", endpoint.Address.Address.ToString());
        writer.WriteNumber("port", endpoint.Address.Port);
        writer.WriteStartObject("meta");
        foreach (var (key, value) in endpoint.Metadata)
        {
            writer.WriteString(key, value);
        }

        if (endpoint.Weight is not 1)
        {
            writer.WriteNumber("endpoint_addr_weight", endpoint.Weight);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteDentry(Utf8JsonWriter writer, Dentry dentry)
    {
        writer.WriteStartObject();
        writer.WriteString("prefix", dentry.Prefix.ToString());
        writer.WriteString("dst", dentry.Destination.ToString());
        writer.WriteEndObject();
    }

    private static string MessageOf(NameState state) =>
        state is NameState.Failed failed ? failed.Message : DelegationJson.NotResolvedYet;
}
