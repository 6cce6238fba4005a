using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>What a value is compared with: a text, or an expression that must fit the whole of it. Immutable.</summary>
internal sealed class TextPattern
{
    private const int StackChars = 512;

    private readonly Regex? _expression;

    private TextPattern(byte[] text, Regex? expression)
    {
        Text = text;
        _expression = expression;
    }

    /// <summary>The text, in UTF-8; meaningless when <see cref="IsExpression"/>.</summary>
    public byte[] Text { get; }

    public bool IsExpression => _expression is not null;

    public static TextPattern Exactly(string text) => new(Encoding.UTF8.GetBytes(text), expression: null);

    public static TextPattern Expression(string expression) => new([], LinearExpression.Compile(expression));

    public static TextPattern Of(ValueMatchKind kind, string value) =>
        kind == ValueMatchKind.RegularExpression ? Expression(value) : Exactly(value);

    public bool Fits(ReadOnlySpan<byte> value) =>
        _expression is null ? value.SequenceEqual(Text) : FitsExpression(_expression, value);

    /// <summary>An expression sees characters: what is not UTF-8 is replaced by U+FFFD. The rented memory is no longer than the longest head.</summary>
    private static bool FitsExpression(Regex expression, ReadOnlySpan<byte> value)
    {
        char[]? rented = null;
        var chars =
            value.Length <= StackChars
                ? stackalloc char[StackChars]
                : (rented = ArrayPool<char>.Shared.Rent(value.Length)).AsSpan();
        var length = Encoding.UTF8.GetChars(value, chars);
        var fits = expression.IsMatch(chars[..length]);
        if (rented is not null)
        {
            ArrayPool<char>.Shared.Return(rented);
        }

        return fits;
    }
}
