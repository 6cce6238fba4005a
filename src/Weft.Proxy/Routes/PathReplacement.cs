using System.Text;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>
/// Puts a path in place of another, or of the prefix that a rule has matched; the query stays. The prefix is replaced by whole segments, as Gateway
/// API has it (HTTPPathModifier): <c>/foo/bar</c> with <c>/foo</c> replaced by <c>/xyz/</c> is <c>/xyz/bar</c>, and by nothing <c>/bar</c>.
/// </summary>
internal sealed class PathReplacement
{
    private readonly byte[] _replacement;

    /// <summary>The bytes of the matched prefix, without a slash at its end; -1 replaces the whole path.</summary>
    private readonly int _prefixLength;

    /// <summary>Compiles a change of the paths that a rule matches.</summary>
    /// <param name="change">What is asked for.</param>
    /// <param name="rule">Its one match says which prefix it is; without one it is <c>/</c>.</param>
    public PathReplacement(PathChange change, RouteRule rule)
    {
        var isPrefix = change.Kind == PathChangeKind.ReplacePrefixMatch;
        _prefixLength =
            isPrefix && rule.Matches.Count > 0 ? MatchPath.Of(rule.Matches[0]).Bytes.Length
            : isPrefix ? 0
            : -1;
        _replacement = Encoding.ASCII.GetBytes(isPrefix ? change.Value.TrimEnd('/') : change.Value);
    }

    /// <summary>Bytes that suffice for the result.</summary>
    public int MaxLength(int pathLength) => pathLength + _replacement.Length + 1;

    /// <summary>Writes the new path and the old query; the number of bytes.</summary>
    /// <param name="target">Path, in canonical form, and query; the rule must have matched it.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> bytes.</param>
    public int Write(ReadOnlySpan<byte> target, Span<byte> destination)
    {
        var path = new TargetParts(target).Path;
        var rest = _prefixLength < 0 ? default : path[_prefixLength..];
        _replacement.CopyTo(destination);
        rest.CopyTo(destination[_replacement.Length..]);
        var written = _replacement.Length + rest.Length;
        if (written == 0)
        {
            destination[written++] = (byte)'/';
        }

        var query = target[path.Length..];
        query.CopyTo(destination[written..]);
        return written + query.Length;
    }
}
