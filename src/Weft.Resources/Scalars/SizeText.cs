namespace Weft.Resources.Scalars;

/// <summary>Sizes in bytes: plain digits, or a decimal number with <c>B</c>, <c>KiB</c>, <c>MiB</c> or <c>GiB</c>.</summary>
public static class SizeText
{
    /// <summary>No size is larger (1 TiB).</summary>
    public const long Max = 1L << 40;

    /// <summary>Only whole numbers of bytes: <c>1.5KiB</c> is 1536, <c>0.3B</c> is nothing. False beyond <see cref="Max"/>.</summary>
    public static bool TryParse(string text, out long value)
    {
        value = 0;
        var digits = Decimals.NumberLength(text);
        var bytesPerUnit = text.AsSpan(digits) switch
        {
            "" or "B" => 1L,
            "KiB" => 1L << 10,
            "MiB" => 1L << 20,
            "GiB" => 1L << 30,
            _ => 0,
        };
        if (
            bytesPerUnit == 0
            || !Decimals.TryParse(text.AsSpan(0, digits), out var number)
            || number > (decimal)Max / bytesPerUnit
            || !decimal.IsInteger(number * bytesPerUnit)
        )
        {
            return false;
        }
        value = (long)(number * bytesPerUnit);
        return true;
    }

    /// <summary>In the largest unit that gives a whole number.</summary>
    public static string Show(long value) =>
        value switch
        {
            0 => "0",
            _ when value % (1L << 30) == 0 => $"{value >> 30}GiB",
            _ when value % (1L << 20) == 0 => $"{value >> 20}MiB",
            _ when value % (1L << 10) == 0 => $"{value >> 10}KiB",
            _ => $"{value}",
        };
}
