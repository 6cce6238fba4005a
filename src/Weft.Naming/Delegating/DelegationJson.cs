using System.Text.Encodings.Web;
using System.Text.Json;

namespace Weft.Naming;

/// <summary>
/// A delegation as JSON, the same for the command line and for a proxy's admin page:
/// <code>{"path": "/svc/web", "tree": {"type": "delegate", ...}, "bound": {"type": "leaf", "id": ..., "residual": ...}}</code>
/// </summary>
public static class DelegationJson
{
    /// <summary>The message of what a namer has not answered yet.</summary>
    public const string NotResolvedYet = "not resolved yet";

    /// <summary>A dentry beyond this many chars is cut with <c>…</c>: each of its many alternatives repeats it.</summary>
    private const int MaxDentry = 1024;

    /// <summary>
    /// For the writer that is given: deep enough for every delegation within <see cref="BindLimits"/>, and with
    /// <c>=&gt;</c> and <c>&amp;</c> as they are (so it is no text to be put into HTML).
    /// </summary>
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 4096,
    };

    /// <summary>The whole object: the path, every step from it, and the outcome as a request would see it.</summary>
    /// <param name="writer">Made with <see cref="WriterOptions"/>; not flushed here.</param>
    /// <param name="path">The path that was asked for.</param>
    /// <param name="tree">What <see cref="Delegator"/> answered.</param>
    /// <param name="bound">What <see cref="Binder"/> answered.</param>
    public static void Write(Utf8JsonWriter writer, Path path, Delegation tree, NameState bound)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(path);
        writer.WriteStartObject();
        writer.WriteString("path", path.ToString());
        writer.WritePropertyName("tree");
        WriteStep(writer, tree);
        writer.WritePropertyName("bound");
        WriteBound(writer, bound);
        writer.WriteEndObject();
    }

    /// <summary>The outcome alone: a leaf, a union, <c>neg</c>, <c>fail</c>, <c>empty</c>, or <c>error</c> with its message.</summary>
    public static void WriteBound(Utf8JsonWriter writer, NameState bound)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(bound);
        if (bound is NameState.Ok ok)
        {
            WriteTree(writer, ok.Tree.Simplify());
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type", "error");
        writer.WriteString("message", bound is NameState.Failed failed ? failed.Message : NotResolvedYet);
        writer.WriteEndObject();
    }

    private static void WriteStep(Utf8JsonWriter writer, Delegation step)
    {
        ArgumentNullException.ThrowIfNull(step);
        var pending = step.Kind is DelegationKind.Pending;
        writer.WriteStartObject();
        writer.WriteString("type", pending ? "error" : step.Type);
        writer.WriteString("path", step.Path.ToString());
        if (step.Dentry is { } dentry)
        {
            var text = dentry.ToString();
            writer.WriteString("dentry", text.Length > MaxDentry ? $"{text.AsSpan(0, MaxDentry)}…" : text);
        }

        if (step.Weight is { } weight)
        {
            writer.WriteNumber("weight", weight);
        }

        if (step.Bound is { } name)
        {
            WriteName(writer, name);
        }

        if (pending || step.Message is not null)
        {
            writer.WriteString("message", step.Message ?? NotResolvedYet);
        }

        if (!step.Considered)
        {
            writer.WriteBoolean("considered", false);
        }

        if (!step.Children.IsEmpty)
        {
            writer.WriteStartArray("children");
            foreach (var child in step.Children)
            {
                WriteStep(writer, child);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    /// <summary>A bound tree; alternatives were decided before.</summary>
    private static void WriteTree(Utf8JsonWriter writer, NameTree<BoundName> tree)
    {
        writer.WriteStartObject();
        switch (tree)
        {
            case NameTree<BoundName>.Leaf leaf:
                writer.WriteString("type", "leaf");
                WriteName(writer, leaf.Value);
                break;
            case NameTree<BoundName>.Union union:
                writer.WriteString("type", "union");
                writer.WriteStartArray("members");
                foreach (var (weight, member) in union.Members)
                {
                    writer.WriteStartObject();
                    writer.WriteNumber("weight", weight);
                    writer.WritePropertyName("tree");
                    WriteTree(writer, member);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                break;
            case NameTree<BoundName>.Fail:
                writer.WriteString("type", "fail");
                break;
            case NameTree<BoundName>.Empty:
                writer.WriteString("type", "empty");
                break;
            default:
                writer.WriteString("type", "neg");
                break;
        }

        writer.WriteEndObject();
    }

    private static void WriteName(Utf8JsonWriter writer, BoundName name)
    {
        writer.WriteString("id", name.Id.ToString());
        writer.WriteString("residual", name.Residual.ToString());
    }
}
