namespace Weft.Naming.Tests.Support;

/// <summary>Puts outcomes into one line, so that a test states what it expects as text.</summary>
public static class Show
{
    public static string State(NameState state) =>
        state switch
        {
            NameState.Ok ok => ok.Tree.ToString(),
            NameState.Failed failed => $"failed: {failed.Message}",
            _ => "pending",
        };

    public static string Bind(string dtab, string tree, INamer? namer = null, BindLimits? limits = null) =>
        State(Binder.Bind(Dtab.Parse(dtab), NameTree.Parse(tree), namer ?? CompositeNamer.Empty, limits));

    public static string Delegation(Delegation step)
    {
        var weight = step.Weight is { } share ? $"{share} * " : "";
        var considered = step.Considered ? "" : "unused ";
        var children = step.Children.IsEmpty ? "" : $" [{string.Join(", ", step.Children.Select(Delegation))}]";
        var because = step.Dentry is null ? "" : $" ({step.Dentry})";
        var end = step.Bound is null
            ? step.Message is null
                ? ""
                : $" '{step.Message}'"
            : $" -> {step.Bound}";
        return $"{considered}{weight}{step.Type} {step.Path}{because}{end}{children}";
    }

    public static string Delegate(string dtab, string path, INamer? namer = null, BindLimits? limits = null) =>
        Delegation(Delegator.Delegate(Dtab.Parse(dtab), Path.Parse(path), namer ?? CompositeNamer.Empty, limits));
}
