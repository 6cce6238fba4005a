using System.Text;
using Weft.Http;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>One match of a document and what it leads to. Its path is compared by the index, unless it is an expression. Immutable.</summary>
internal sealed class CompiledMatch<T>
    where T : class
{
    private readonly byte[]? _method;
    private readonly HeaderCondition[] _headers;
    private readonly QueryCondition[] _queryParams;

    public CompiledMatch(RouteMatch match, T target)
    {
        Target = target;
        Path = MatchPath.Of(match);
        _method = match.Method is null ? null : Encoding.ASCII.GetBytes(match.Method);
        _headers = [.. match.Headers.Select(h => new HeaderCondition(h))];
        _queryParams = [.. match.QueryParams.Select(q => new QueryCondition(q))];
    }

    public T Target { get; }

    public MatchPath Path { get; }

    /// <summary>
    /// How specific it is apart from its path, the most specific first: method, number of headers, number of query parameters (Gateway API,
    /// HTTPRouteRule.matches).
    /// </summary>
    public (int, int, int) Rank => (_method is null ? 1 : 0, -_headers.Length, -_queryParams.Length);

    /// <summary>Whether a request whose path fits, fits.</summary>
    public bool Fits(RequestHead head, ReadOnlySpan<byte> query)
    {
        if (_method is not null && !head.MethodSpan.SequenceEqual(_method))
        {
            return false;
        }

        foreach (var header in _headers)
        {
            if (!header.Fits(head))
            {
                return false;
            }
        }

        foreach (var parameter in _queryParams)
        {
            if (!parameter.Fits(query))
            {
                return false;
            }
        }

        return true;
    }
}
