using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;

namespace Weft.Naming;

/// <summary>
/// A name: a sequence of labels. A label is a non-empty sequence of bytes, held as one char (0 to 255) per byte.
/// Immutable, with value equality and a hash that is computed once.
/// </summary>
public sealed class Path : IEquatable<Path>
{
    public static readonly Path Root = new([]);

    private int _hash;

    /// <summary>Takes the labels as they are.</summary>
    /// <exception cref="ArgumentException">A label is empty or holds a char above 255.</exception>
    public Path(ImmutableArray<string> labels)
    {
        foreach (var label in labels)
        {
            Label.Check(label);
        }

        Labels = labels;
    }

    private Path(ImmutableArray<string> validLabels, int hash)
    {
        Labels = validLabels;
        _hash = hash;
    }

    public ImmutableArray<string> Labels { get; }

    public int Length => Labels.Length;

    public bool IsRoot => Labels.IsEmpty;

    public string this[int index] => Labels[index];

    /// <summary>A path of labels whose chars are bytes.</summary>
    /// <exception cref="ArgumentException">A label is empty or holds a char above 255.</exception>
    public static Path Of(params ReadOnlySpan<string> labels) => new([.. labels]);

    /// <summary>A path of the UTF-8 bytes of texts.</summary>
    /// <exception cref="ArgumentException">A text is empty.</exception>
    public static Path FromUtf8Labels(params ReadOnlySpan<string> texts)
    {
        var labels = new string[texts.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(texts[i]));
        }

        return new Path(ImmutableCollectionsMarshal.AsImmutableArray(labels));
    }

    /// <summary>Reads <c>/a/b</c>; space and comments around it are allowed.</summary>
    /// <exception cref="DtabSyntaxException">The text is not a path.</exception>
    public static Path Parse(string text) =>
        TryParse(text, out var path, out var error) ? path : throw new DtabSyntaxException(error);

    /// <summary>Reads <c>/a/b</c>, or says where and why it cannot.</summary>
    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out Path? path,
        [NotNullWhen(false)] out DtabSyntaxError? error
    )
    {
        var parser = new NameParser(text);
        path = parser.PathText();
        error = parser.Error;
        return path is not null;
    }

    public bool StartsWith(Path prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return Labels.AsSpan().StartsWith(prefix.Labels.AsSpan());
    }

    /// <summary>This path and then <paramref name="tail"/>.</summary>
    public Path Concat(Path tail) => Concat(tail, 0);

    /// <summary>This path and then <paramref name="tail"/> without its first <paramref name="skip"/> labels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The tail is shorter than what is to be skipped.</exception>
    public Path Concat(Path tail, int skip)
    {
        ArgumentNullException.ThrowIfNull(tail);
        if (skip == tail.Length)
        {
            return this;
        }

        return IsRoot ? tail.Skip(skip) : Valid([.. Labels.AsSpan(), .. tail.Labels.AsSpan()[skip..]]);
    }

    /// <summary>The path without its first <paramref name="count"/> labels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The path is shorter than that.</exception>
    public Path Skip(int count) => Slice(count, Length - count);

    /// <summary>The first <paramref name="count"/> labels.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The path is shorter than that.</exception>
    public Path Take(int count) => Slice(0, count);

    /// <summary>A part of the path, by label.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The path is shorter than that.</exception>
    public Path Slice(int start, int length)
    {
        var part = Labels.AsSpan().Slice(start, length);
        return part.Length == Length ? this
            : part.IsEmpty ? Root
            : Valid(part.ToArray());
    }

    public bool Equals(Path? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        return other is not null
            && (_hash == 0 || other._hash == 0 || _hash == other._hash)
            && Labels.AsSpan().SequenceEqual(other.Labels.AsSpan());
    }

    public override bool Equals(object? obj) => Equals(obj as Path);

    public override int GetHashCode()
    {
        // A race computes the same value twice, which is harmless.
        if (_hash == 0)
        {
            var hash = new HashCode();
            foreach (var label in Labels)
            {
                hash.Add(label);
            }

            var value = hash.ToHashCode();
            _hash = value == 0 ? 1 : value;
        }

        return _hash;
    }

    public static bool operator ==(Path? left, Path? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(Path? left, Path? right) => !(left == right);

    /// <summary>The normal form; a label with a byte that is not showable is written wholly as <c>\xHH</c>.</summary>
    public override string ToString()
    {
        if (IsRoot)
        {
            return "/";
        }

        var text = new StringBuilder();
        foreach (var label in Labels)
        {
            Label.AppendTo(text.Append('/'), label);
        }

        return text.ToString();
    }

    // Slices and joins of valid paths are valid: they are not checked again.
    private static Path Valid(string[] labels) => new(ImmutableCollectionsMarshal.AsImmutableArray(labels), 0);
}
