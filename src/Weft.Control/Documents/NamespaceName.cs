using System.Buffers;

namespace Weft.Control;

/// <summary>Which names namespaces may have.</summary>
internal static class NamespaceName
{
    public const string Default = "default";

    public const int MaxLength = 63;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-"
    );

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength && !name.AsSpan().ContainsAnyExcept(Allowed);

    /// <summary>The name itself.</summary>
    /// <exception cref="RefusedException">It is no name.</exception>
    public static string Checked(string name) =>
        IsValid(name)
            ? name
            : throw RefusedException.BadRequest(
                $"'{name}' cannot be a namespace: write at most {MaxLength} letters, digits, '_' and '-'"
            );
}
