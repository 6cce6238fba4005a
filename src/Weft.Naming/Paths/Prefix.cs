using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Weft.Naming;

/// <summary>The left side of a dentry: labels, or <c>*</c> for any one label. Immutable, with value equality.</summary>
public sealed class Prefix : IEquatable<Prefix>
{
    public static readonly Prefix Root = new([]);

    /// <summary>Takes the elements as they are; null stands for <c>*</c>.</summary>
    /// <exception cref="ArgumentException">An element is empty or holds a char above 255.</exception>
    public Prefix(ImmutableArray<string?> elements)
    {
        foreach (var element in elements)
        {
            if (element is not null)
            {
                Label.Check(element);
            }
        }

        Elements = elements;
    }

    /// <summary>The elements in order; null stands for <c>*</c>.</summary>
    public ImmutableArray<string?> Elements { get; }

    public int Length => Elements.Length;

    /// <summary>The prefix that matches just what begins with <paramref name="path"/>.</summary>
    public static Prefix Of(Path path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return new Prefix(ImmutableArray.CreateRange<string?>(path.Labels));
    }

    /// <summary>Reads <c>/a/*/b</c>; space and comments around it are allowed.</summary>
    /// <exception cref="DtabSyntaxException">The text is not a prefix.</exception>
    public static Prefix Parse(string text) =>
        TryParse(text, out var prefix, out var error) ? prefix : throw new DtabSyntaxException(error);

    /// <summary>Reads <c>/a/*/b</c>, or says where and why it cannot.</summary>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out Prefix? prefix,
        [NotNullWhen(false)] out DtabSyntaxError? error
    )
    {
        var parser = new NameParser(text);
        prefix = parser.PrefixText();
        error = parser.Error;
        return prefix is not null;
    }

    /// <summary>Whether the path begins with this prefix, label by label.</summary>
    public bool Matches(Path path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var elements = Elements.AsSpan();
        var labels = path.Labels.AsSpan();
        if (elements.Length > labels.Length)
        {
            return false;
        }

        for (var i = 0; i < elements.Length; i++)
        {
            if (elements[i] is { } label && !string.Equals(label, labels[i], StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    public bool Equals(Prefix? other) => other is not null && Elements.AsSpan().SequenceEqual(other.Elements.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as Prefix);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var element in Elements)
        {
            hash.Add(element);
        }

        return hash.ToHashCode();
    }

    public override string ToString()
    {
        if (Elements.IsEmpty)
        {
            return "/";
        }

        var text = new StringBuilder();
        foreach (var element in Elements)
        {
            text.Append('/');
            if (element is null)
            {
                text.Append('*');
            }
            else
            {
                Label.AppendTo(text, element);
            }
        }

        return text.ToString();
    }
}
