using System.Collections.Immutable;
using Weft.Resources;

namespace Weft.Control;

/// <summary>
/// A match of a route, so that it can be asked which requests it shares with others: which it takes from them, and which it cannot. Answers err on one
/// side: that one covers another is said only where it is certain, and so is that two never meet.
/// </summary>
internal sealed class MatchForm(RouteMatch match)
{
    private readonly MatchedPath _path = MatchedPath.Of(match);
    private readonly ImmutableArray<ValueForm> _headers = [.. match.Headers.Select(h => new ValueForm(h))];
    private readonly ImmutableArray<ValueForm> _parameters = [.. match.QueryParams.Select(q => new ValueForm(q))];

    /// <summary>Fits every request.</summary>
    public static MatchForm All { get; } = new(RouteMatch.All);

    /// <summary>The more specific first, as proxies look through them (Gateway API, HTTPRouteRule.matches and GRPCRouteRule.matches).</summary>
    public (int, int, int, int, int, int) Order
    {
        get
        {
            var (kind, first, second) = _path.Order;
            return (kind, first, second, Method is null ? 1 : 0, -_headers.Length, -_parameters.Length);
        }
    }

    private string? Method => match.Method;

    /// <summary>Whether every request that fits both of two others fits this one.</summary>
    public bool Covers(MatchForm one, MatchForm other) =>
        (Method is null || Method == one.Method || Method == other.Method)
        && (_path.Covers(one._path) || _path.Covers(other._path))
        && _headers.All(h => IsImplied(h, one._headers) || IsImplied(h, other._headers))
        && _parameters.All(p => IsImplied(p, one._parameters) || IsImplied(p, other._parameters));

    /// <summary>Whether every request that fits another fits this one.</summary>
    public bool Covers(MatchForm other) => Covers(other, other);

    /// <summary>Whether a request could fit both.</summary>
    public bool MayMeet(MatchForm other) =>
        (Method is null || other.Method is null || Method == other.Method)
        && _path.MayMeet(other._path)
        && CanBothHold(_headers, other._headers)
        && CanBothHold(_parameters, other._parameters);

    /// <summary>What it asks of a request beyond what another has asked already, in words.</summary>
    public IEnumerable<string> Beyond(MatchForm other)
    {
        if (!_path.Covers(other._path))
        {
            yield return _path.ToString();
        }

        if (Method is { } method && method != other.Method)
        {
            yield return $"method {method}";
        }

        foreach (var header in _headers.Where(h => !IsImplied(h, other._headers)))
        {
            yield return $"header {header.Name}: {header.Value}";
        }

        foreach (var parameter in _parameters.Where(p => !IsImplied(p, other._parameters)))
        {
            yield return $"query parameter {parameter.Name}={parameter.Value}";
        }
    }

    private static bool IsImplied(ValueForm wanted, ImmutableArray<ValueForm> given) => given.Any(wanted.Covers);

    private static bool CanBothHold(ImmutableArray<ValueForm> ones, ImmutableArray<ValueForm> others) =>
        ones.All(one => others.All(other => one.Name != other.Name || one.MayMeet(other)));
}
