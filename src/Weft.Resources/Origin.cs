using Weft.Naming;

namespace Weft.Resources;

/// <summary>
/// Where something was written. Any two origins are equal: a document that moved down a line says the same as before,
/// and a reload must not take it for a change.
/// </summary>
/// <param name="File">The file that it was read from.</param>
/// <param name="Line">1-based.</param>
/// <param name="Column">1-based, in characters.</param>
public sealed record Origin(string File, int Line, int Column)
{
    /// <summary>For values that nobody wrote.</summary>
    public static readonly Origin None = new("", 0, 0);

    public bool Equals(Origin? other) => other is not null;

    public override int GetHashCode() => 0;

    public override string ToString() => $"{File}:{Line}:{Column}";

    internal Problem Problem(string message, string? remedy = null) => new(File, Line, Column, message, remedy);
}
