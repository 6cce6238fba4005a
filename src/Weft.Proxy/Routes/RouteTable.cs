using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Weft.Http;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>
/// The rules of one service. Which one a request takes is decided as Gateway API has it (HTTPRouteRule.matches, GRPCRouteRule.matches): the most
/// specific match over all routes, then the route that is first in the alphabet (documents have no time of creation), then the first rule. Immutable; all loops share it.
/// </summary>
internal sealed class RouteTable
{
    private const int StackBytes = 1024;

    private static readonly ProxyError s_noRoute = new(
        ErrorReason.NoRoute,
        "the service has routes, and no rule of them fits the request"
    );

    private static readonly ProxyError s_malformed = new(
        ErrorReason.BadRequest,
        "the path climbs above its root, or holds a '%' that encodes nothing or a zero"
    );

    private static readonly ProxyError s_ambiguous = new(
        ErrorReason.BadRequest,
        "the path has '//', '\\', '%2F' or '%5C' in it, and would take another route if they were read as one '/'"
    );

    private readonly MatchIndex<CompiledRule> _index;

    /// <summary>Compiles the routes of a service.</summary>
    /// <param name="routes">In alphabetical order, as <see cref="ResourceSet.RoutesOf"/> gives them.</param>
    /// <param name="service">What holds where a rule says nothing.</param>
    public RouteTable(IReadOnlyList<RouteDocument> routes, ServiceSpec service)
    {
        var rules = new List<CompiledRule>();
        var matches = new List<CompiledMatch<CompiledRule>>();
        foreach (var route in routes)
        {
            foreach (var rule in route.Rules)
            {
                var compiled = new CompiledRule(route, rule, service, rules.Count);
                rules.Add(compiled);
                var written = rule.Matches.Count > 0 ? rule.Matches : [RouteMatch.All];
                matches.AddRange(written.Select(m => new CompiledMatch<CompiledRule>(m, compiled)));
            }
        }

        Rules = [.. rules];
        _index = new MatchIndex<CompiledRule>(matches);
    }

    public IReadOnlyList<CompiledRule> Rules { get; }

    /// <summary>
    /// The rule for a request, or why there is none. A path with several spellings is put into its canonical form in the head, so that what was
    /// decided on is what is sent on. Allocates nothing.
    /// </summary>
    public bool TryMatch(RequestHead head, [NotNullWhen(true)] out CompiledRule? rule, out ProxyError error)
    {
        var target = new TargetParts(head.Path);
        if (_index.IsPathSensitive && target.Path is [(byte)'/', ..] && !PathForm.IsPlain(target.Path))
        {
            rule = FindCanonical(head, out error);
        }
        else
        {
            rule = _index.Find(head, target.Path, target.Query);
            error = rule is null ? s_noRoute : default;
        }

        return rule is not null;
    }

    /// <summary>As <see cref="TryMatch"/>, for a path that has other spellings.</summary>
    private CompiledRule? FindCanonical(RequestHead head, out ProxyError error)
    {
        byte[]? rented = null;
        var length = head.Path.Length * 2;
        var buffer =
            length <= StackBytes
                ? stackalloc byte[StackBytes]
                : (rented = ArrayPool<byte>.Shared.Rent(length)).AsSpan();
        var rule = FindCanonical(head, buffer, out error);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return rule;
    }

    private CompiledRule? FindCanonical(RequestHead head, Span<byte> buffer, out ProxyError error)
    {
        var target = new TargetParts(head.Path);
        error = s_malformed;
        var length = PathForm.Canonicalize(target.Path, buffer);
        if (length < 0)
        {
            return null;
        }

        var path = buffer[..length];
        var query = head.Path[target.Path.Length..];
        query.CopyTo(buffer[length..]);
        var canonical = buffer[..(length + query.Length)];
        var rule = _index.Find(head, path, target.Query);

        // Not every server reads the path as it is written here.
        var reading = buffer[canonical.Length..];
        var readingLength = PathForm.ReadLeniently(path, reading);
        reading = reading[..Math.Max(readingLength, 0)];
        error = s_ambiguous;
        if (readingLength < 0 || (!reading.SequenceEqual(path) && rule != _index.Find(head, reading, target.Query)))
        {
            return null;
        }

        error = rule is null ? s_noRoute : default;
        head.SetPath(canonical);
        return rule;
    }
}
