using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Weft.Naming;

/// <summary>What trees are made of: paths, prefixes, labels, numbers, the space between them, and errors.</summary>
internal partial struct NameParser
{
    private const string ALabel = @"a label (letters, digits, _ : . # $ % - or \xHH)";

    private readonly bool AtEnd => _at >= text.Length;

    private readonly char Peek => _at < text.Length ? text[_at] : '\0';

    private readonly bool AtLabel => !AtEnd && (Peek == '\\' || Naming.Label.Showable.Contains(Peek));

    private Path? Path()
    {
        if (!Eat('/'))
        {
            Unexpected("'/'");
            return null;
        }

        if (!AtLabel)
        {
            return Naming.Path.Root;
        }

        var labels = ImmutableArray.CreateBuilder<string>();
        do
        {
            if (Label() is not { } label)
            {
                return null;
            }

            labels.Add(label);
        } while (Eat('/'));
        return new Path(labels.DrainToImmutable());
    }

    private Prefix? Prefix()
    {
        if (!Eat('/'))
        {
            Unexpected("'/'");
            return null;
        }

        if (!AtLabel && Peek != '*')
        {
            return Naming.Prefix.Root;
        }

        var elements = ImmutableArray.CreateBuilder<string?>();
        do
        {
            if (Eat('*'))
            {
                elements.Add(null);
                if (AtLabel)
                {
                    Unexpected("'/' or '=>': '*' stands for a whole label");
                    return null;
                }
            }
            else if (Label() is { } label)
            {
                elements.Add(label);
            }
            else
            {
                return null;
            }
        } while (Eat('/'));
        return new Prefix(elements.DrainToImmutable());
    }

    private string? Label()
    {
        var start = _at;
        var plain = text.AsSpan(start).IndexOfAnyExcept(Naming.Label.Showable);
        _at = plain < 0 ? text.Length : start + plain;
        if (Peek != '\\')
        {
            return _at > start || Unexpected(ALabel) ? text[start.._at] : null;
        }

        var label = new StringBuilder().Append(text, start, _at - start);
        while (AtLabel)
        {
            if (!Eat('\\'))
            {
                label.Append(text[_at++]);
            }
            else if (Byte() is { } value)
            {
                label.Append(value);
            }
            else
            {
                return null;
            }
        }

        return label.ToString();
    }

    private char? Byte()
    {
        if (!Eat('x'))
        {
            Unexpected("'x' and two hexadecimal digits");
            return null;
        }

        var value = 0;
        for (var i = 0; i < 2; i++, _at++)
        {
            if (AtEnd || !char.IsAsciiHexDigit(Peek))
            {
                Unexpected("a hexadecimal digit");
                return null;
            }

            value = (value << 4) + (char.IsAsciiDigit(Peek) ? Peek - '0' : (Peek | 0x20) - 'a' + 10);
        }

        return (char)value;
    }

    private double? Number()
    {
        var start = _at;
        var digits = 0;
        var dots = 0;
        for (; char.IsAsciiDigit(Peek) || (Peek == '.' && dots == 0); _at++)
        {
            _ = Peek == '.' ? dots++ : digits++;
        }

        if (digits == 0)
        {
            Unexpected("a digit");
            return null;
        }

        var number = double.Parse(text.AsSpan(start, _at - start), NumberStyles.AllowDecimalPoint);
        if (double.IsFinite(number))
        {
            return number;
        }

        _at = start;
        Fail("the weight is too large", "a finite number");
        return null;
    }

    private bool Eat(char c)
    {
        if (AtEnd || Peek != c)
        {
            return false;
        }

        _at++;
        return true;
    }

    private bool EatAfterSpace(char c)
    {
        SkipSpace();
        return Eat(c);
    }

    /// <summary>Skips space and comments: a '#' where space may stand begins one, up to the end of its line.</summary>
    private void SkipSpace()
    {
        while (!AtEnd)
        {
            if (Peek is ' ' or (>= '\t' and <= '\r'))
            {
                _at++;
            }
            else if (Peek == '#')
            {
                var end = text.AsSpan(_at).IndexOf('\n');
                _at = end < 0 ? text.Length : _at + end + 1;
            }
            else
            {
                return;
            }
        }
    }

    private bool Unexpected(string expected)
    {
        var found =
            AtEnd ? "unexpected end"
            : char.IsControl(Peek) || !char.IsAscii(Peek) ? $"unexpected U+{(int)Peek:X4}"
            : $"unexpected '{Peek}'";
        return Fail(found, expected);
    }

    /// <summary>Always false, so that productions can end with it.</summary>
    private bool Fail(string message, string expected)
    {
        Error ??= DtabSyntaxError.At(text, Math.Min(_at, text.Length), message, expected);
        return false;
    }
}
