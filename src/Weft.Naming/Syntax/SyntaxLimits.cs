namespace Weft.Naming;

/// <summary>The bounds of a text that is parsed. What exceeds one is a syntax error.</summary>
public static class SyntaxLimits
{
    /// <summary>Chars of one text.</summary>
    public const int MaxTextLength = 64 * 1024;

    /// <summary>Parentheses within parentheses.</summary>
    public const int MaxNesting = 64;

    /// <summary>Entries of one dtab.</summary>
    public const int MaxDentries = 4096;
}
