using System.Collections.Immutable;
using System.Globalization;

namespace Weft.Naming;

/// <summary>
/// A recursive-descent parser for paths, prefixes, name trees and dtabs. Each production returns null when it fails
/// and leaves the first error behind; nothing is thrown, since request headers are parsed with it too.
/// <code>
/// dtab     := [dentry {';' dentry} [';']]          dentry := prefix '=>' tree
/// prefix   := '/' [elem {'/' elem}]                elem   := '*' | label
/// tree     := union {'|' union}                    union  := weighted {'&amp;' weighted}
/// weighted := [number '*'] simple                  simple := path | '!' | '~' | '$' | '(' tree ')'
/// path     := '/' [label {'/' label}]              label  := ([0-9A-Za-z_:.#$%-] | '\x' HEX HEX)+
/// </code>
/// </summary>
internal struct NameParser(string text)
{
    private const string ALabel = @"a label (letters, digits, _ : . # $ % - or \xHH)";

    private int _at;
    private int _nesting;

    /// <summary>The first error; null as long as there is none.</summary>
    public DtabSyntaxError? Error { get; private set; }

    private readonly bool AtEnd => _at >= text.Length;

    private readonly char Peek => _at < text.Length ? text[_at] : '\0';

    public Path? PathText() => Begin() && Path() is { } path && End("the end of the path") ? path : null;

    public Prefix? PrefixText() => Begin() && Prefix() is { } prefix && End("the end of the prefix") ? prefix : null;

    public NameTree<Path>? TreeText() => Begin() && Tree() is { } tree && End("'|', '&' or the end") ? tree : null;

    public Dentry? DentryText() => Begin() && Dentry() is { } dentry && End("'|', '&' or the end") ? dentry : null;

    public Dtab? DtabText()
    {
        if (!Begin())
        {
            return null;
        }

        var dentries = ImmutableArray.CreateBuilder<Dentry>();
        while (!AtEnd)
        {
            if (dentries.Count == SyntaxLimits.MaxDentries)
            {
                Fail("too many dentries", $"at most {SyntaxLimits.MaxDentries}");
                return null;
            }

            if (Dentry() is not { } dentry)
            {
                return null;
            }

            dentries.Add(dentry);
            SkipSpace();
            if (!Eat(';'))
            {
                break;
            }

            SkipSpace();
        }

        return End("'|', '&', ';' or the end") ? new Dtab(dentries.DrainToImmutable()) : null;
    }

    private bool Begin()
    {
        if (text.Length > SyntaxLimits.MaxTextLength)
        {
            _at = SyntaxLimits.MaxTextLength;
            return Fail("the text is too long", $"at most {SyntaxLimits.MaxTextLength} characters");
        }

        SkipSpace();
        return true;
    }

    private bool End(string expected)
    {
        SkipSpace();
        return AtEnd || Unexpected(expected);
    }

    private Dentry? Dentry()
    {
        if (Prefix() is not { } prefix)
        {
            return null;
        }

        SkipSpace();
        if (!text.AsSpan(_at).StartsWith("=>", StringComparison.Ordinal))
        {
            Unexpected("'=>'");
            return null;
        }

        _at += 2;
        return Tree() is { } destination ? new Dentry(prefix, destination) : null;
    }

    private NameTree<Path>? Tree()
    {
        if (Union() is not { } first)
        {
            return null;
        }

        ImmutableArray<NameTree<Path>>.Builder? alternatives = null;
        while (EatAfterSpace('|'))
        {
            if (Union() is not { } next)
            {
                return null;
            }

            alternatives ??= ImmutableArray.CreateBuilder<NameTree<Path>>();
            if (alternatives.Count == 0)
            {
                alternatives.Add(first);
            }

            alternatives.Add(next);
        }

        return alternatives is null ? first : new NameTree<Path>.Alt(alternatives.DrainToImmutable());
    }

    private NameTree<Path>? Union()
    {
        if (Weighted() is not { } first)
        {
            return null;
        }

        ImmutableArray<Weighted<Path>>.Builder? members = null;
        while (EatAfterSpace('&'))
        {
            if (Weighted() is not { } next)
            {
                return null;
            }

            members ??= ImmutableArray.CreateBuilder<Weighted<Path>>();
            if (members.Count == 0)
            {
                members.Add(first);
            }

            members.Add(next);
        }

        // A weight means something among siblings only: alone it is dropped.
        return members is null ? first.Tree : new NameTree<Path>.Union(members.DrainToImmutable());
    }

    private Weighted<Path>? Weighted()
    {
        SkipSpace();
        var weight = 1.0;
        if (char.IsAsciiDigit(Peek) || Peek == '.')
        {
            if (Number() is not { } number)
            {
                return null;
            }

            SkipSpace();
            if (!Eat('*'))
            {
                Unexpected("'*' after a weight");
                return null;
            }

            SkipSpace();
            weight = number;
        }

        return Simple() is { } tree ? new Weighted<Path>(weight, tree) : null;
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

    private NameTree<Path>? Simple()
    {
        switch (Peek)
        {
            case '/':
                return Path() is { } path ? new NameTree<Path>.Leaf(path) : null;
            case '!':
                _at++;
                return NameTree<Path>.Fail.Instance;
            case '~':
                _at++;
                return NameTree<Path>.Neg.Instance;
            case '$':
                _at++;
                return NameTree<Path>.Empty.Instance;
            case '(':
                return Parenthesised();
            default:
                Unexpected("a path, '!', '~', '$', '(' or a weight");
                return null;
        }
    }

    private NameTree<Path>? Parenthesised()
    {
        if (_nesting == SyntaxLimits.MaxNesting)
        {
            Fail("parentheses are nested too deep", $"at most {SyntaxLimits.MaxNesting} levels");
            return null;
        }

        _at++;
        _nesting++;
        var tree = Tree();
        _nesting--;
        if (tree is null)
        {
            return null;
        }

        SkipSpace();
        return Eat(')') || Unexpected("'|', '&' or ')'") ? tree : null;
    }

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

    private readonly bool AtLabel => !AtEnd && (Peek == '\\' || Naming.Label.Showable.Contains(Peek));

    private string? Label()
    {
        var start = _at;
        var plain = text.AsSpan(start).IndexOfAnyExcept(Naming.Label.Showable);
        _at = plain < 0 ? text.Length : start + plain;
        if (Peek != '\\')
        {
            return _at > start || Unexpected(ALabel) ? text[start.._at] : null;
        }

        var label = new System.Text.StringBuilder().Append(text, start, _at - start);
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

            value = (value << 4) + Convert.ToInt32(Peek.ToString(), 16);
        }

        return (char)value;
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
