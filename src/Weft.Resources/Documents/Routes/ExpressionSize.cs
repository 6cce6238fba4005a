using System.Globalization;

namespace Weft.Resources;

/// <summary>
/// How large an expression is once its counted repetitions are written out: <c>(a{100}){100}</c> is short, and 10,000 positions to keep
/// track of. Linear time is only worth something when the factor has a bound too.
/// </summary>
internal static class ExpressionSize
{
    /// <summary>Positions of one expression; every character that may be written has room.</summary>
    public const int Max = 2 * LinearExpression.MaxLength;

    /// <summary>An estimate that is rather too high than too low, and stops at what is far beyond <see cref="Max"/>.</summary>
    public static long Estimate(string expression)
    {
        var outer = new Stack<long>();
        long size = 0;
        long last = 0;
        for (var i = 0; i < expression.Length; i++)
        {
            switch (expression[i])
            {
                case '(':
                    outer.Push(size);
                    (size, last) = (0, 0);
                    break;
                case ')' when outer.Count > 0:
                    last = Math.Max(size, 1);
                    size = outer.Pop() + last;
                    break;
                case '{' when TryReadCount(expression, ref i, out var count):
                    size += last * Math.Max(count - 1, 0);
                    last *= Math.Max(count, 1);
                    break;
                case '*' or '+' or '?' or ' ' or '\n':
                    break; // What stands before stays what a count would repeat.
                default:
                    i = EndOfAtom(expression, i);
                    (size, last) = (size + 1, 1);
                    break;
            }
            if (size > int.MaxValue)
            {
                return size;
            }
        }
        return size;
    }

    /// <summary>The last character of an escape or a class; any other atom is one character.</summary>
    private static int EndOfAtom(string expression, int i)
    {
        if (expression[i] == '\\')
        {
            var isCategory = expression.AsSpan(i) is ['\\', 'p' or 'P', '{', ..];
            var close = isCategory ? expression.IndexOf('}', i) : -1;
            return close > 0 ? close : i + 1;
        }
        if (expression[i] != '[')
        {
            return i;
        }
        // A bracket that comes first is one of the characters.
        var at = i + 1;
        at += expression.AsSpan(at) is ['^', ..] ? 1 : 0;
        at += expression.AsSpan(at) is [']', ..] ? 1 : 0;
        for (; at < expression.Length; at++)
        {
            switch (expression[at])
            {
                case '\\':
                    at++;
                    break;
                case ']':
                    return at;
                case '[' when expression[at - 1] == '-':
                    at = EndOfAtom(expression, at);
                    break;
            }
        }
        return expression.Length;
    }

    /// <summary><c>{n}</c>, <c>{n,}</c> or <c>{n,m}</c>; anything else is text.</summary>
    private static bool TryReadCount(string expression, ref int i, out long count)
    {
        count = 0;
        var close = expression.IndexOf('}', i);
        if (close < 0)
        {
            return false;
        }
        var parts = expression[(i + 1)..close].Split(',');
        if (parts.Length > 2 || !TryReadNumber(parts[0], out count))
        {
            return false;
        }
        if (parts is [_, { Length: > 0 } most] && !TryReadNumber(most, out count))
        {
            return false;
        }
        i = close;
        return true;
    }

    private static bool TryReadNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= int.MaxValue;
}
