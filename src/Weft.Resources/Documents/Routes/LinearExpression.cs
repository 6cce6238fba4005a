using System.Text.RegularExpressions;

namespace Weft.Resources;

/// <summary>
/// The regular expressions of documents: .NET's language without backreferences and lookarounds, so that matching takes time in
/// proportion to the text, whatever a client sends. An expression fits a text whole or not at all.
/// </summary>
public static class LinearExpression
{
    /// <summary>Characters of one expression.</summary>
    public const int MaxLength = 1024;

    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <summary>Compiles an expression that a reader has let pass.</summary>
    /// <exception cref="ArgumentException">It is none that is read here.</exception>
    public static Regex Compile(string expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return new Regex($@"\A(?:{expression})\z", Options);
    }

    /// <summary>Null when it is one that is read here; otherwise what is wrong with it.</summary>
    internal static string? WhyNot(string expression)
    {
        if (expression.Length > MaxLength)
        {
            return $"it is longer than {MaxLength} characters";
        }
        if (ExpressionSize.Estimate(expression) > ExpressionSize.Max)
        {
            return $"with its repetitions written out it has more than {ExpressionSize.Max} characters";
        }
        try
        {
            // By itself first: "a)|(?:b" is only right within what Compile puts around it.
            _ = new Regex(expression, Options);
            _ = Compile(expression);
            return null;
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return error.Message.TrimEnd('.');
        }
    }
}
