using System.Buffers;
using Weft.Resources.Yaml;

namespace Weft.Resources;

/// <summary>Which names may be given.</summary>
internal static class DocumentName
{
    public const int MaxLength = 253;

    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Names of listeners and documents.</summary>
    public static readonly SearchValues<char> Plain = SearchValues.Create(Letters + "._-");

    /// <summary>Names of services: labels of a path, and <c>/</c> between them.</summary>
    public static readonly SearchValues<char> Logical = SearchValues.Create(Letters + "_:.#$%-/");

    /// <summary>A logical name, or the beginning of one and <c>*</c>.</summary>
    public static bool CheckPattern(YamlScalar scalar, ProblemSink problems)
    {
        var isWildcard = scalar.Text.EndsWith('*');
        // What stands before the '*' may end in the middle of a label, or with the slash after one.
        var stem = isWildcard ? scalar.Text[..^1].TrimEnd('/') : scalar.Text;
        return (isWildcard && scalar.Text.Length == 1)
            || Check(scalar with { Text = stem }, "'name'", Logical, problems);
    }

    public static bool Check(YamlScalar scalar, string subject, SearchValues<char> allowed, ProblemSink problems)
    {
        var name = scalar.Text;
        var isSlashed = name.StartsWith('/') || name.EndsWith('/') || name.Contains("//", StringComparison.Ordinal);
        if (name.Length is > 0 and <= MaxLength && !name.AsSpan().ContainsAnyExcept(allowed) && !isSlashed)
        {
            return true;
        }
        problems.Add(
            scalar.Position,
            $"{subject} cannot be {scalar.Noun}",
            name.Length > MaxLength ? $"write at most {MaxLength} characters"
                : ReferenceEquals(allowed, Logical)
                    ? "write the logical name without its first label, such as books for /svc/books"
                : "use letters, digits, '.', '_' and '-'"
        );
        return false;
    }
}
