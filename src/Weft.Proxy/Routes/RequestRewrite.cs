using System.Buffers;
using System.Text;
using Weft.Http;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>Changes what a backend is asked for. Immutable.</summary>
internal sealed class RequestRewrite(UrlRewrite rewrite, RouteRule rule)
{
    private const int StackBytes = 1024;

    private readonly byte[]? _authority = rewrite.Hostname is { } host ? Encoding.ASCII.GetBytes(host) : null;
    private readonly PathReplacement? _path = rewrite.Path is { } path ? new PathReplacement(path, rule) : null;

    /// <summary>Changes path and authority of a head that the rule has matched. Once for a head.</summary>
    public void Apply(RequestHead head)
    {
        if (_authority is not null)
        {
            head.SetAuthority(_authority);
        }

        if (_path is null || head.Path is not [(byte)'/', ..])
        {
            return; // '*' asks about the server as a whole, and has no path.
        }

        byte[]? rented = null;
        var length = _path.MaxLength(head.Path.Length);
        var buffer =
            length <= StackBytes
                ? stackalloc byte[StackBytes]
                : (rented = ArrayPool<byte>.Shared.Rent(length)).AsSpan();
        head.SetPath(buffer[.._path.Write(head.Path, buffer)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
