using Weft.Resources;

namespace Weft.Control;

/// <summary>
/// A match of a route, so that it can be asked which requests it shares with others: which it takes from them, and which it cannot. Answers err on one
/// side: that one covers another is said only where it is certain, and so is that two never meet.
/// </summary>
internal sealed class MatchForm
{
    private readonly RouteMatch _match;
    private readonly MatchedPath _path;

    public MatchForm(RouteMatch match) => (_match, _path) = (match, MatchedPath.Of(match));

    /// <summary>Fits every request.</summary>
    public static MatchForm All { get; } = new(RouteMatch.All);

    /// <summary>The more specific first, as proxies look through them (Gateway API, HTTPRouteRule.matches and GRPCRouteRule.matches).</summary>
    public (int, int, int, int, int, int) Order
    {
        get
        {
            var (kind, first, second) = _path.Order;
            return (
                kind,
                first,
                second,
                _match.Method is null ? 1 : 0,
                -_match.Headers.Count,
                -_match.QueryParams.Count
            );
        }
    }

    /// <summary>Whether every request that fits both of two others fits this one.</summary>
    public bool Covers(MatchForm one, MatchForm other) =>
        (_path.Covers(one._path) || _path.Covers(other._path))
        && (_match.Method is null || _match.Method == one._match.Method || _match.Method == other._match.Method)
        && AreImplied(_match.Headers, one._match.Headers, other._match.Headers)
        && AreImplied(_match.QueryParams, one._match.QueryParams, other._match.QueryParams);

    /// <summary>Whether every request that fits another fits this one.</summary>
    public bool Covers(MatchForm other) => Covers(other, other);

    /// <summary>Whether a request could fit both.</summary>
    public bool MayMeet(MatchForm other) =>
        _path.MayMeet(other._path)
        && (_match.Method is null || other._match.Method is null || _match.Method == other._match.Method)
        && CanBothHold(_match.Headers, other._match.Headers)
        && CanBothHold(_match.QueryParams, other._match.QueryParams);

    /// <summary>What it asks of a request beyond what another has asked already, in words.</summary>
    public IEnumerable<string> Beyond(MatchForm other)
    {
        if (!_path.Covers(other._path))
        {
            yield return _path.ToString();
        }

        if (_match.Method is { } method && method != other._match.Method)
        {
            yield return $"method {method}";
        }

        foreach (var header in _match.Headers.Where(h => !IsImplied(h, other._match.Headers)))
        {
            yield return $"header {header.Name}: {header.Value}";
        }

        foreach (var parameter in _match.QueryParams.Where(q => !IsImplied(q, other._match.QueryParams)))
        {
            yield return $"query parameter {parameter.Name}={parameter.Value}";
        }
    }

    private static bool AreImplied(
        ValueList<ValueMatch> wanted,
        ValueList<ValueMatch> one,
        ValueList<ValueMatch> other
    ) => wanted.All(w => IsImplied(w, one) || IsImplied(w, other));

    // A name stands once in a match, and a header or parameter has one value (several fields of a header are joined).
    private static bool IsImplied(ValueMatch wanted, ValueList<ValueMatch> given) =>
        given.Any(g => g.Name == wanted.Name && (g == wanted || (IsExact(g) && !IsExact(wanted) && Fits(wanted, g))));

    private static bool CanBothHold(ValueList<ValueMatch> ones, ValueList<ValueMatch> others) =>
        !ones.Any(one => others.Any(other => one.Name == other.Name && Exclude(one, other)));

    private static bool Exclude(ValueMatch one, ValueMatch other) =>
        (IsExact(one), IsExact(other)) switch
        {
            (true, true) => one.Value != other.Value,
            (true, false) => !Fits(other, one),
            (false, true) => !Fits(one, other),
            _ => false,
        };

    private static bool IsExact(ValueMatch match) => match.Kind == ValueMatchKind.Exact;

    private static bool Fits(ValueMatch expression, ValueMatch exact) =>
        LinearExpression.Compile(expression.Value).IsMatch(exact.Value);
}
