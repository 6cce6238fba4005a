using System.Text;

namespace Weft.Naming;

/// <summary>Prints name trees in normal form: exact weights, parentheses only where parsing needs them.</summary>
internal static class NameTreeText
{
    internal static StringBuilder Append<T>(StringBuilder text, NameTree<T> tree)
        where T : notnull
    {
        switch (tree)
        {
            // No text stands for an alt or a union of nothing; both mean neg.
            case NameTree<T>.Alt { Trees.IsEmpty: true }:
            case NameTree<T>.Union { Members.IsEmpty: true }:
            case NameTree<T>.Neg:
                return text.Append('~');
            case NameTree<T>.Fail:
                return text.Append('!');
            case NameTree<T>.Empty:
                return text.Append('$');
            case NameTree<T>.Leaf leaf:
                return text.Append(leaf.Value);
            case NameTree<T>.Alt alt:
                var first = true;
                foreach (var alternative in alt.Trees)
                {
                    text.Append(first ? "" : " | ");
                    first = false;
                    AppendNested(text, alternative, alternative is NameTree<T>.Alt);
                }

                return text;
            case NameTree<T>.Union union:
                return AppendUnion(text, union);
            default:
                throw new ArgumentException("not a name tree", nameof(tree));
        }
    }

    private static StringBuilder AppendUnion<T>(StringBuilder text, NameTree<T>.Union union)
        where T : notnull
    {
        var first = true;
        foreach (var (weight, tree) in union.Members)
        {
            text.Append(first ? "" : " & ");
            first = false;
            if (weight != 1)
            {
                AppendWeight(text, weight).Append(" * ");
            }

            AppendNested(text, tree, tree is NameTree<T>.Alt or NameTree<T>.Union);
        }

        return text;
    }

    private static void AppendNested<T>(StringBuilder text, NameTree<T> tree, bool parentheses)
        where T : notnull
    {
        if (!parentheses)
        {
            Append(text, tree);
            return;
        }

        Append(text.Append('('), tree).Append(')');
    }

    /// <summary>The shortest digits that parse to the same number, without the exponent that the grammar lacks.</summary>
    internal static StringBuilder AppendWeight(StringBuilder text, double weight)
    {
        var shortest = weight.ToString("R");
        var e = shortest.IndexOf('E', StringComparison.Ordinal);
        if (e < 0)
        {
            return text.Append(shortest);
        }

        var exponent = int.Parse(shortest.AsSpan(e + 1));
        var dot = shortest.IndexOf('.', StringComparison.Ordinal);
        var whole = dot < 0 ? e : dot;
        var digits = shortest[..e].Replace(".", "", StringComparison.Ordinal);
        var point = whole + exponent;
        if (point <= 0)
        {
            return text.Append("0.").Append('0', -point).Append(digits);
        }

        return point >= digits.Length
            ? text.Append(digits).Append('0', point - digits.Length)
            : text.Append(digits.AsSpan(0, point)).Append('.').Append(digits.AsSpan(point));
    }
}
