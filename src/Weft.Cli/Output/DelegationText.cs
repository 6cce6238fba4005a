using Weft.Naming;

namespace Weft.Cli.Output;

/// <summary>A delegation for people: an indented tree with the entry that caused each step, and the outcome below it.</summary>
internal static class DelegationText
{
    public static void Write(TextWriter output, bool isStyled, Delegation tree, NameState bound)
    {
        var table = new TextTable(new Column(""), new Column(""), new Column(""));
        Add(table, tree, depth: 0);
        table.Write(output, isStyled);
        output.WriteLine();
        var (text, tone) = Outcome(bound);
        if (isStyled)
        {
            TerminalTable.WriteLine(output, text, tone);
        }
        else
        {
            output.WriteLine(text);
        }
    }

    /// <summary>The outcome as a request would see it, in one line.</summary>
    public static (string Text, Tone Tone) Outcome(NameState bound) =>
        bound switch
        {
            NameState.Failed failed => ($"error: {failed.Message}", Tone.Bad),
            NameState.Ok ok => ok.Tree.Simplify() switch
            {
                NameTree<BoundName>.Neg => ("neg: the name does not exist", Tone.Warning),
                NameTree<BoundName>.Fail => ("fail: the name is blocked", Tone.Bad),
                NameTree<BoundName>.Empty => ("empty: the name exists and has no endpoints", Tone.Warning),
                var tree => ($"bound: {tree}", Tone.Good),
            },
            _ => ($"error: {DelegationJson.NotResolvedYet}", Tone.Bad),
        };

    private static void Add(TextTable table, Delegation step, int depth)
    {
        var indent = new string(' ', 2 * depth);
        var weight = step.Weight is { } share ? FormattableString.Invariant($"{share} * ") : "";
        var type = step.Kind is DelegationKind.Pending ? "error" : step.Type;
        table.Add(
            new Cell($"{indent}{weight}{step.Path}", step.Considered ? Tone.Plain : Tone.Faint),
            new Cell(step.Considered ? type : $"{type} (not reached)", step.Considered ? Of(step.Kind) : Tone.Faint),
            new Cell(Reason(step), Tone.Faint)
        );
        foreach (var child in step.Children)
        {
            Add(table, child, depth + 1);
        }
    }

    /// <summary>The entry that led to the step, and what came of it where its kind does not say it all.</summary>
    private static string Reason(Delegation step)
    {
        var entry = step.Dentry?.ToString() ?? "";
        var result = step.Kind switch
        {
            DelegationKind.Pending => DelegationJson.NotResolvedYet,
            DelegationKind.Error => step.Message ?? "",
            DelegationKind.Leaf when step.Bound is { } name && name.Id != step.Path => $"= {name}",
            _ => "",
        };
        return (entry, result) switch
        {
            ("", _) => result,
            (_, "") => entry,
            _ => $"{entry}   {result}",
        };
    }

    private static Tone Of(DelegationKind kind) =>
        kind switch
        {
            DelegationKind.Leaf => Tone.Good,
            DelegationKind.Neg or DelegationKind.Empty => Tone.Warning,
            DelegationKind.Fail or DelegationKind.Error or DelegationKind.Pending => Tone.Bad,
            _ => Tone.Plain,
        };
}
