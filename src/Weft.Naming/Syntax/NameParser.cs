using System.Collections.Immutable;

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
internal partial struct NameParser(string text)
{
    private int _at;
    private int _nesting;

    /// <summary>The first error; null as long as there is none.</summary>
    public DtabSyntaxError? Error { get; private set; }

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
}
