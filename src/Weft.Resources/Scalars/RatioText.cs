using System.Globalization;

namespace Weft.Resources.Scalars;

/// <summary>Ratios from 0 to 1: <c>0.25</c> or <c>25%</c>.</summary>
public static class RatioText
{
    public static bool TryParse(string text, out double value)
    {
        value = 0;
        var percent = text.EndsWith('%');
        if (!Decimals.TryParse(text.AsSpan(0, percent ? text.Length - 1 : text.Length), out var number))
        {
            return false;
        }
        if (percent)
        {
            number /= 100;
        }
        value = (double)number;
        return number <= 1;
    }

    /// <summary>Percentages from 0 to 100, as they stand under a key that says so: <c>10</c> or <c>0.5</c>; a <c>%</c> may follow.</summary>
    public static bool TryParsePercent(string text, out double value)
    {
        var isNumber = Decimals.TryParse(text.AsSpan().TrimEnd('%'), out var number) && text.AsSpan().Count('%') <= 1;
        value = (double)number;
        return isNumber && number <= 100;
    }

    public static string Show(double value) => value.ToString(CultureInfo.InvariantCulture);
}
