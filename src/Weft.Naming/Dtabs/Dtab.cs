using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Weft.Naming;

/// <summary>A delegation table: an immutable list of rewriting rules of which the last that matches comes first.</summary>
public sealed class Dtab(ImmutableArray<Dentry> dentries) : IEquatable<Dtab>
{
    public static readonly Dtab Empty = new([]);

    /// <summary>The entries in the order in which they were written.</summary>
    public ImmutableArray<Dentry> Dentries { get; } = dentries;

    public int Length => Dentries.Length;

    public bool IsEmpty => Dentries.IsEmpty;

    /// <summary>Reads <c>/a => /b ; /c => /d</c>.</summary>
    /// <exception cref="DtabSyntaxException">The text is not a dtab.</exception>
    public static Dtab Parse(string text) =>
        TryParse(text, out var dtab, out var error) ? dtab : throw new DtabSyntaxException(error);

    /// <summary>Reads <c>/a => /b ; /c => /d</c>, or says where and why it cannot. Never throws.</summary>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out Dtab? dtab,
        [NotNullWhen(false)] out DtabSyntaxError? error
    )
    {
        var parser = new NameParser(text);
        dtab = parser.DtabText();
        error = parser.Error;
        return dtab is not null;
    }

    /// <summary>This table and then <paramref name="later"/>, whose entries win.</summary>
    public Dtab Concat(Dtab later)
    {
        ArgumentNullException.ThrowIfNull(later);
        return later.IsEmpty ? this
            : IsEmpty ? later
            : new Dtab(Dentries.AddRange(later.Dentries));
    }

    /// <summary>
    /// One step: what the path is rewritten to by every entry that matches, the last entry first. No match is neg,
    /// one match its tree, and several are alternatives.
    /// </summary>
    public NameTree<Path> Lookup(Path path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var first = LastMatch(path, Length);
        if (first < 0)
        {
            return NameTree<Path>.Neg.Instance;
        }

        var next = LastMatch(path, first);
        if (next < 0)
        {
            return Dentries[first].Rewrite(path);
        }

        var alternatives = ImmutableArray.CreateBuilder<NameTree<Path>>();
        alternatives.Add(Dentries[first].Rewrite(path));
        for (; next >= 0; next = LastMatch(path, next))
        {
            alternatives.Add(Dentries[next].Rewrite(path));
        }

        return new NameTree<Path>.Alt(alternatives.DrainToImmutable());
    }

    /// <summary>The index of the last entry before <paramref name="before"/> that matches; -1 when none does.</summary>
    internal int LastMatch(Path path, int before)
    {
        var entries = Dentries.AsSpan();
        for (var i = before - 1; i >= 0; i--)
        {
            if (entries[i].Prefix.Matches(path))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The normal form, one entry a line, each ended by <c>;</c>: the lines joined parse to this table.</summary>
    public IReadOnlyList<string> ShowLines()
    {
        var lines = new string[Length];
        for (var i = 0; i < lines.Length; i++)
        {
            lines[i] = $"{Dentries[i]} ;";
        }

        return lines;
    }

    /// <summary>The normal form in one line: <c>/a => /b ; /c => /d</c>.</summary>
    public string Show() => string.Join(" ; ", Dentries);

    public override string ToString() => Show();

    public bool Equals(Dtab? other) =>
        ReferenceEquals(this, other) || (other is not null && Dentries.AsSpan().SequenceEqual(other.Dentries.AsSpan()));

    public override bool Equals(object? obj) => Equals(obj as Dtab);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var dentry in Dentries)
        {
            hash.Add(dentry);
        }

        return hash.ToHashCode();
    }
}
