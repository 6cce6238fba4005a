namespace Weft.Naming;

/// <summary>One entry of a dtab: what begins with the prefix is rewritten to the destination.</summary>
public sealed record Dentry(Prefix Prefix, NameTree<Path> Destination)
{
    /// <summary>Reads <c>/a => /b</c>.</summary>
    /// <exception cref="DtabSyntaxException">The text is not a dentry.</exception>
    public static Dentry Parse(string text)
    {
        var parser = new NameParser(text);
        return parser.DentryText() ?? throw new DtabSyntaxException(parser.Error!);
    }

    public override string ToString() => $"{Prefix} => {Destination}";

    /// <summary>Puts the destination in the place of the part of the path that the prefix matched.</summary>
    internal NameTree<Path> Rewrite(Path path)
    {
        // The two commonest shapes go without a closure.
        if (Destination is NameTree<Path>.Leaf leaf)
        {
            return new NameTree<Path>.Leaf(leaf.Value.Concat(path, Prefix.Length));
        }

        if (Destination is NameTree<Path>.Neg or NameTree<Path>.Fail or NameTree<Path>.Empty)
        {
            return Destination;
        }

        return Mapped(path);
    }

    private NameTree<Path> Mapped(Path path) => Destination.Map(to => to.Concat(path, Prefix.Length));
}
