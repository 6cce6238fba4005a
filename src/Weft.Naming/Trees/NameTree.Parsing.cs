using System.Diagnostics.CodeAnalysis;

namespace Weft.Naming;

/// <summary>Reads name trees of paths, the only ones that people write.</summary>
public static class NameTree
{
    /// <summary>Reads <c>0.9 * /a &amp; 0.1 * /b | ~</c>.</summary>
    /// <exception cref="DtabSyntaxException">The text is not a name tree.</exception>
    public static NameTree<Path> Parse(string text) =>
        TryParse(text, out var tree, out var error) ? tree : throw new DtabSyntaxException(error);

    /// <summary>Reads a name tree, or says where and why it cannot. Never throws.</summary>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out NameTree<Path>? tree,
        [NotNullWhen(false)] out DtabSyntaxError? error
    )
    {
        var parser = new NameParser(text);
        tree = parser.TreeText();
        error = parser.Error;
        return tree is not null;
    }
}
