using System.Buffers;
using System.Globalization;

namespace Weft.Resources.Scalars;

/// <summary>Numbers with digits on both sides of at most one dot; no sign, no exponent, no spaces.</summary>
internal static class Decimals
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>The length of the number that a text begins with; what follows is its unit.</summary>
    public static int NumberLength(ReadOnlySpan<char> text)
    {
        var length = text.IndexOfAnyExcept(Digits);
        return length < 0 ? text.Length : length;
    }

    public static bool TryParse(ReadOnlySpan<char> text, out decimal value)
    {
        value = 0;
        return text is [>= '0' and <= '9', .., >= '0' and <= '9'] or [>= '0' and <= '9']
            && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
    }
}
