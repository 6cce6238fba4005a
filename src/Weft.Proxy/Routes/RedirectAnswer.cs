using System.Text;
using Weft.Http;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>Sends a client elsewhere. Immutable.</summary>
internal sealed class RedirectAnswer(RequestRedirect redirect, RouteRule rule)
{
    private const string Http = "http";
    private const string Https = "https";

    private readonly PathReplacement? _path = redirect.Path is { } path ? new PathReplacement(path, rule) : null;

    /// <summary>The answer to a request that the rule has matched.</summary>
    /// <param name="head">The request.</param>
    /// <param name="isTls">How its connection came, for requests whose target names no scheme.</param>
    public LocalResponse Answer(RequestHead head, bool isTls)
    {
        var location = Location(head, isTls);
        return new LocalResponse(
            redirect.Status,
            new FieldBlock(("location", location), ("content-type", "text/plain; charset=utf-8")),
            Encoding.ASCII.GetBytes(location + "\n")
        );
    }

    /// <summary>
    /// Where the client is sent: the scheme, host, port and path that it asked for where the rule says nothing else. A stated scheme brings its own
    /// port along, and a scheme's own port is not written (Gateway API, HTTPRequestRedirectFilter).
    /// </summary>
    public string Location(RequestHead head, bool isTls)
    {
        var path = Encoding.ASCII.GetString(PathOf(head));
        var hasHost = Authority.TrySplit(head.Authority, out var asked, out var askedPort);
        var host = redirect.Hostname ?? Encoding.ASCII.GetString(hasHost ? asked : default);
        if (host.Length == 0)
        {
            // A request of HTTP/1.0 without Host: relative to where it was sent. Two slashes would name a host.
            return "/" + path.TrimStart('/');
        }

        var scheme = redirect.Scheme ?? SchemeOf(head, isTls);
        var port = redirect.Port ?? (redirect.Scheme is null ? askedPort : -1);
        var isDefault = port < 0 || port == (scheme == Https ? 443 : 80);
        return isDefault ? $"{scheme}://{host}{path}" : $"{scheme}://{host}:{port}{path}";
    }

    private static string SchemeOf(RequestHead head, bool isTls) =>
        head.Scheme switch
        {
            TargetScheme.Http => Http,
            TargetScheme.Https => Https,
            _ => isTls ? Https : Http,
        };

    private ReadOnlySpan<byte> PathOf(RequestHead head)
    {
        if (head.Path is not [(byte)'/', ..])
        {
            return "/"u8;
        }

        if (_path is null)
        {
            return head.Path;
        }

        var buffer = new byte[_path.MaxLength(head.Path.Length)];
        return buffer.AsSpan(0, _path.Write(head.Path, buffer));
    }
}
