using System.Text.Json;
using Weft.Naming;

namespace Weft.Cli.Output;

/// <summary>A delegation for people: an indented tree with the entry that caused each step, and the outcome below it.</summary>
internal static class DelegationText
{
    private const string Root = "/";

    /// <summary>Writes what <see cref="DelegationJson"/> has written.</summary>
    public static void Write(TextWriter output, bool isStyled, JsonElement answer)
    {
        var table = new TextTable(new Column(""), new Column(""), new Column(""));
        Add(table, answer.GetProperty("tree"), depth: 0);
        table.Write(output, isStyled);
        output.WriteLine();
        var (text, tone) = Outcome(answer.GetProperty("bound"));
        TextLine.Write(output, isStyled, text, tone);
    }

    /// <summary>The outcome as a request would see it, in one line.</summary>
    public static (string Text, Tone Tone) Outcome(JsonElement bound) =>
        bound.GetProperty("type").GetString() switch
        {
            "error" => ($"error: {TextOf(bound, "message")}", Tone.Bad),
            "neg" => ("neg: the name does not exist", Tone.Warning),
            "fail" => ("fail: the name is blocked", Tone.Bad),
            "empty" => ("empty: the name exists and has no endpoints", Tone.Warning),
            _ => ($"bound: {TreeOf(bound)}", Tone.Good),
        };

    /// <summary>A concrete name, and in brackets the residual when there is one.</summary>
    public static string NameOf(JsonElement name)
    {
        var (id, residual) = (TextOf(name, "id"), TextOf(name, "residual"));
        return residual == Root ? id : $"{id} [{residual}]";
    }

    private static NameTree<string> TreeOf(JsonElement bound) =>
        bound.GetProperty("type").GetString() switch
        {
            "leaf" => new NameTree<string>.Leaf(NameOf(bound)),
            "union" => new NameTree<string>.Union([
                .. bound
                    .GetProperty("members")
                    .EnumerateArray()
                    .Select(m => new Weighted<string>(
                        m.GetProperty("weight").GetDouble(),
                        TreeOf(m.GetProperty("tree"))
                    )),
            ]),
            "fail" => NameTree<string>.Fail.Instance,
            "empty" => NameTree<string>.Empty.Instance,
            _ => NameTree<string>.Neg.Instance,
        };

    private static void Add(TextTable table, JsonElement step, int depth)
    {
        var indent = new string(' ', 2 * depth);
        var weight = step.TryGetProperty("weight", out var share)
            ? FormattableString.Invariant($"{share.GetDouble()} * ")
            : "";
        var type = TextOf(step, "type");
        var isReached = !step.TryGetProperty("considered", out _);
        table.Add(
            new Cell($"{indent}{weight}{TextOf(step, "path")}", isReached ? Tone.Plain : Tone.Faint),
            new Cell(isReached ? type : $"{type} (not reached)", isReached ? ToneOf(type) : Tone.Faint),
            new Cell(Reason(step), Tone.Faint)
        );
        if (step.TryGetProperty("children", out var children))
        {
            foreach (var child in children.EnumerateArray())
            {
                Add(table, child, depth + 1);
            }
        }
    }

    /// <summary>The entry that led to the step, and what came of it where its type does not say it all.</summary>
    private static string Reason(JsonElement step)
    {
        var entry = TextOf(step, "dentry");
        var isLeaf = step.TryGetProperty("id", out var id);
        var result = isLeaf && id.GetString() != TextOf(step, "path") ? $"= {NameOf(step)}" : TextOf(step, "message");
        return (entry, result) switch
        {
            ("", _) => result,
            (_, "") => entry,
            _ => $"{entry}   {result}",
        };
    }

    private static Tone ToneOf(string type) =>
        type switch
        {
            "leaf" => Tone.Good,
            "neg" or "empty" => Tone.Warning,
            "fail" or "error" => Tone.Bad,
            _ => Tone.Plain,
        };

    /// <summary>A text of an object; empty when there is none.</summary>
    private static string TextOf(JsonElement element, string property) =>
        element.TryGetProperty(property, out var value) ? value.GetString() ?? "" : "";
}
