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
        error = default;
        rule = null;
        var target = head.Path;
        var path = PathOf(target);
        if (_index.IsPathSensitive && path is [(byte)'/', ..] && !PathForm.IsPlain(path))
        {
            if (!TryCanonical(head, out rule, out error))
            {
                return false;
            }
        }
        else
        {
            rule = Find(head, path, target);
        }

        if (rule is null)
        {
            error = s_noRoute;
        }

        return rule is not null;
    }

    private CompiledRule? Find(RequestHead head, ReadOnlySpan<byte> path, ReadOnlySpan<byte> target) =>
        _index.Find(head, path, path.Length == target.Length ? default : target[(path.Length + 1)..]);

    private static ReadOnlySpan<byte> PathOf(ReadOnlySpan<byte> target)
    {
        var mark = target.IndexOf((byte)'?');
        return mark < 0 ? target : target[..mark];
    }

    /// <summary>False, and an error, when the path has no canonical form or one that would be read in two ways.</summary>
    private bool TryCanonical(RequestHead head, out CompiledRule? rule, out ProxyError error)
    {
        rule = null;
        var target = head.Path;
        byte[]? rented = null;
        var buffer =
            target.Length * 2 <= StackBytes
                ? stackalloc byte[StackBytes]
                : (rented = ArrayPool<byte>.Shared.Rent(target.Length * 2)).AsSpan();
        try
        {
            return TryCanonical(head, target, buffer, out rule, out error);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private bool TryCanonical(
        RequestHead head,
        ReadOnlySpan<byte> target,
        Span<byte> buffer,
        out CompiledRule? rule,
        out ProxyError error
    )
    {
        rule = null;
        error = s_malformed;
        var path = PathOf(target);
        var length = PathForm.Canonicalize(path, buffer);
        if (length < 0)
        {
            return false;
        }

        target[path.Length..].CopyTo(buffer[length..]);
        var canonical = buffer[..(length + target.Length - path.Length)];
        var lenient = buffer[canonical.Length..];
        rule = Find(head, canonical[..length], canonical);
        error = s_ambiguous;
        var lenientLength = PathForm.ReadLeniently(canonical[..length], lenient);
        if (lenientLength < 0)
        {
            return false;
        }

        var isOne = lenient[..lenientLength].SequenceEqual(canonical[..length]);
        if (
            !isOne
            && !ReferenceEquals(
                rule,
                _index.Find(head, lenient[..lenientLength], canonical[Math.Min(length + 1, canonical.Length)..])
            )
        )
        {
            return false;
        }

        head.SetPath(canonical);
        error = default;
        return true;
    }
}
