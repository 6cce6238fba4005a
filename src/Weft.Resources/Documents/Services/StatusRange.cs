using System.Globalization;

namespace Weft.Resources;

/// <summary>HTTP status codes, both ends included.</summary>
public readonly record struct StatusRange(int From, int To)
{
    public static readonly StatusRange ServerErrors = new(500, 599);

    public bool Contains(int status) => status >= From && status <= To;

    /// <summary>Reads <c>503</c> or a class such as <c>5xx</c>.</summary>
    public static bool TryParse(string text, out StatusRange value)
    {
        value = default;
        if (text is [>= '1' and <= '5' and var hundreds, 'x', 'x'])
        {
            var from = (hundreds - '0') * 100;
            value = new StatusRange(from, from + 99);
            return true;
        }
        if (
            text is { Length: 3 }
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            && status is >= 100 and <= 599
        )
        {
            value = new StatusRange(status, status);
            return true;
        }
        return false;
    }

    public override string ToString() =>
        From == To ? $"{From}"
        : To == From + 99 ? $"{From / 100}xx"
        : $"{From}-{To}";
}
