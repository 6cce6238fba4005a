using System.Globalization;

namespace Weft.Resources.Scalars;

/// <summary>Whole numbers from 0; no sign, no separators.</summary>
internal static class NumberText
{
    public static bool TryParse(string text, out long value) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
