using Weft.Http;

namespace Weft.Proxy;

/// <summary>
/// Finds the most specific of many matches. Exact paths and prefixes are looked up, so that hundreds of them cost what one does; only expressions are
/// tried one after the other. Nothing is allocated. Immutable.
/// </summary>
internal sealed class MatchIndex<T>
    where T : class
{
    private readonly PathTable<CompiledMatch<T>[]> _exact;
    private readonly CompiledMatch<T>[] _expressions;
    private readonly PathTable<CompiledMatch<T>[]> _prefixes;

    /// <summary>The distinct lengths of prefixes, longest first.</summary>
    private readonly int[] _prefixLengths;
    private readonly PathTable<CompiledMatch<T>[]> _lastSegments;
    private readonly CompiledMatch<T>[] _any;

    /// <summary>Builds the index.</summary>
    /// <param name="matches">In the order that decides between equally specific ones.</param>
    public MatchIndex(IReadOnlyList<CompiledMatch<T>> matches)
    {
        _exact = Table(matches, PathClass.Exact);
        _prefixes = Table(matches, PathClass.Prefix);
        _lastSegments = Table(matches, PathClass.LastSegment);
        _prefixLengths = [.. _prefixes.Keys.Select(key => key.Length).Distinct().OrderDescending()];
        _expressions =
        [
            .. matches.Where(m => m.Path.Class == PathClass.Expression).OrderBy(m => m.Path.Order).ThenBy(m => m.Rank),
        ];
        _any = [.. matches.Where(m => m.Path.Class == PathClass.Any).OrderBy(m => m.Rank)];
    }

    /// <summary>Whether any match looks at the path, so that its spelling matters.</summary>
    public bool IsPathSensitive => _exact.Count + _expressions.Length + _prefixes.Count + _lastSegments.Count > 0;

    /// <summary>What the most specific match leads to; null when none fits.</summary>
    /// <param name="head">For method and headers.</param>
    /// <param name="path">In canonical form, without the query.</param>
    /// <param name="query">What follows the question mark.</param>
    public T? Find(RequestHead head, ReadOnlySpan<byte> path, ReadOnlySpan<byte> query)
    {
        if (path is [(byte)'/', ..] && FindByPath(head, path, query) is { } target)
        {
            return target;
        }

        return First(_any, head, query);
    }

    private T? FindByPath(RequestHead head, ReadOnlySpan<byte> path, ReadOnlySpan<byte> query)
    {
        if (_exact.TryGet(path, out var matches) && First(matches, head, query) is { } exact)
        {
            return exact;
        }

        foreach (var match in _expressions)
        {
            if (match.Fits(head, query) && match.Path.Expression!.Fits(path))
            {
                return match.Target;
            }
        }

        foreach (var length in _prefixLengths)
        {
            var isWhole = path.Length == length || (path.Length > length && path[length] == (byte)'/');
            if (isWhole && _prefixes.TryGet(path[..length], out matches) && First(matches, head, query) is { } prefixed)
            {
                return prefixed;
            }
        }

        var last = path[(path.LastIndexOf((byte)'/') + 1)..];
        return _lastSegments.TryGet(last, out matches) ? First(matches, head, query) : null;
    }

    private static T? First(CompiledMatch<T>[] matches, RequestHead head, ReadOnlySpan<byte> query)
    {
        foreach (var match in matches)
        {
            if (match.Fits(head, query))
            {
                return match.Target;
            }
        }

        return null;
    }

    private static PathTable<CompiledMatch<T>[]> Table(IReadOnlyList<CompiledMatch<T>> matches, PathClass kind) =>
        new(
            matches
                .Where(m => m.Path.Class == kind)
                .GroupBy(m => m.Path.Bytes, PathComparer.Instance)
                .Select(group => (group.Key, group.OrderBy(m => m.Rank).ToArray()))
        );
}
