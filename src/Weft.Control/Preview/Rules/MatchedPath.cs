using System.Text;
using System.Text.RegularExpressions;
using Weft.Resources;

namespace Weft.Control;

/// <summary>What a match asks of the path, in the order in which proxies look through them.</summary>
internal enum MatchedPathKind
{
    Exact,
    Expression,

    /// <summary>By whole segments.</summary>
    Prefix,

    /// <summary>A gRPC method of any service.</summary>
    LastSegment,
    Any,
}

/// <summary>A path of a match, whether it was written as one or as a gRPC method, which is the path <c>/service/method</c>.</summary>
internal sealed class MatchedPath
{
    private readonly MatchedPathKind _kind;

    /// <summary>The path, the segment, or the text of the expression; a prefix has no slash at its end.</summary>
    private readonly string _text;
    private Regex? _expression;

    private MatchedPath(MatchedPathKind kind, string text, (int, int) order = default)
    {
        (_kind, _text) = (kind, text);
        // Of two prefixes the longer is looked at first.
        Order = kind == MatchedPathKind.Prefix ? ((int)kind, -text.Length, 0) : ((int)kind, order.Item1, order.Item2);
    }

    /// <summary>The smaller is looked at first.</summary>
    public (int Kind, int First, int Second) Order { get; }

    /// <summary>Compiled when it is asked for: that takes long, and most are never asked.</summary>
    private Regex Expression => _expression ??= LinearExpression.Compile(_text);

    public static MatchedPath Of(RouteMatch match) =>
        match switch
        {
            { GrpcMethod: { } method } => Of(method),
            { Path: { } path } => Of(path),
            _ => new MatchedPath(MatchedPathKind.Any, ""),
        };

    /// <summary>Whether every path that fits another fits this one; yes only where that is certain.</summary>
    public bool Covers(MatchedPath other) =>
        _kind switch
        {
            MatchedPathKind.Any => true,
            MatchedPathKind.Exact => other._kind == _kind && other._text == _text,
            MatchedPathKind.Prefix => other._kind is MatchedPathKind.Exact or MatchedPathKind.Prefix
                && IsBelow(other._text),
            MatchedPathKind.LastSegment => other._kind is MatchedPathKind.Exact or MatchedPathKind.LastSegment
                && LastOf(other._text) == _text,
            _ => other._kind switch
            {
                MatchedPathKind.Exact => Expression.IsMatch(other._text),
                MatchedPathKind.Expression => other._text == _text,
                _ => false,
            },
        };

    /// <summary>Whether a path could fit both; no only where that is certain.</summary>
    public bool MayMeet(MatchedPath other) =>
        (_kind, other._kind) switch
        {
            (MatchedPathKind.Exact, _) => other.Covers(this),
            (_, MatchedPathKind.Exact) => Covers(other),
            (MatchedPathKind.Prefix, MatchedPathKind.Prefix) => IsBelow(other._text) || other.IsBelow(_text),
            (MatchedPathKind.LastSegment, MatchedPathKind.LastSegment) => _text == other._text,
            _ => true,
        };

    public override string ToString() =>
        _kind switch
        {
            MatchedPathKind.Any => "any path",
            MatchedPathKind.Exact => $"path {_text}",
            MatchedPathKind.Prefix => $"path below {_text}",
            MatchedPathKind.LastSegment => $"method {_text} of any service",
            _ => $"path like {_text}",
        };

    private static MatchedPath Of(PathMatch path)
    {
        switch (path.Kind)
        {
            case PathMatchKind.Exact:
                return new MatchedPath(MatchedPathKind.Exact, Canonical(path.Value));
            case PathMatchKind.RegularExpression:
                return new MatchedPath(MatchedPathKind.Expression, path.Value);
            default:
                var prefix = Canonical(path.Value).TrimEnd('/');
                return new MatchedPath(prefix.Length == 0 ? MatchedPathKind.Any : MatchedPathKind.Prefix, prefix);
        }
    }

    private static MatchedPath Of(GrpcMethodMatch match)
    {
        var (service, method) = (match.Service, match.Method);
        return match.Kind == ValueMatchKind.RegularExpression
                ? new MatchedPath(
                    MatchedPathKind.Expression,
                    $"/(?:{service ?? "[^/]*"})/(?:{method ?? "[^/]*"})",
                    (-(service?.Length ?? 0), -(method?.Length ?? 0))
                )
            : service is null ? new MatchedPath(MatchedPathKind.LastSegment, method!)
            : method is null ? new MatchedPath(MatchedPathKind.Prefix, $"/{service}")
            : new MatchedPath(MatchedPathKind.Exact, $"/{service}/{method}");
    }

    private bool IsBelow(string path) =>
        path.StartsWith(_text, StringComparison.Ordinal) && (path.Length == _text.Length || path[_text.Length] == '/');

    private static string LastOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>The one spelling of a path that a reader has let pass (RFC 3986 section 6.2.2): it has no dots, and its encodings are right.</summary>
    private static string Canonical(string path)
    {
        var text = new StringBuilder(path.Length);
        for (var i = 0; i < path.Length; i++)
        {
            if (path[i] != '%')
            {
                text.Append(path[i]);
                continue;
            }

            var octet = (char)Convert.ToByte(path.Substring(i + 1, 2), 16);
            if (char.IsAsciiLetterOrDigit(octet) || octet is '-' or '.' or '_' or '~')
            {
                text.Append(octet);
            }
            else
            {
                text.Append('%').Append(path.Substring(i + 1, 2).ToUpperInvariant());
            }

            i += 2;
        }

        return text.ToString();
    }
}
