using System.Net;
using Microsoft.AspNetCore.Http;
using Weft.Api.Documents;

namespace Weft.Control;

/// <summary>
/// Who comes in: whoever brings a token where tokens are asked for, and without TLS only programs of this machine. A web page
/// cannot ask in somebody's name: neither with a name of its own for this address (DNS rebinding), nor from another origin.
/// </summary>
internal sealed class Gate(FileBacked<AccessTokens>? tokens, bool isTls)
{
    /// <summary>How a caller calls himself, where no token says who he is.</summary>
    public const string AuthorHeader = "weft-author";

    private const int MaxAuthor = 200;

    private const string AuthorItem = "weft.author";

    /// <summary>Lets a request pass, and notes who asks.</summary>
    /// <exception cref="RefusedException">Not this one.</exception>
    public void Check(HttpContext context)
    {
        var request = context.Request;
        var host = request.Host.Host;
        if (!isTls && !IsLoopback(host))
        {
            throw Denied($"this address answers to names of this machine only, and not to '{host}'");
        }

        if (
            request.Headers.Origin.ToString() is { Length: > 0 } origin
            && (!Uri.TryCreate(origin, UriKind.Absolute, out var from) || from.Authority != request.Host.Value)
        )
        {
            throw Denied("pages of other sites may not ask here");
        }

        string? name = null;
        if (tokens is not null && !tokens.Current.Accepts(request.Headers.Authorization, out name))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            throw new RefusedException(
                401,
                new ErrorInfo
                {
                    Error = ErrorInfo.Unauthenticated,
                    Message = "this address needs a token: 'authorization: Bearer TOKEN'",
                }
            );
        }

        context.Items[AuthorItem] = name ?? OwnName(request);
    }

    /// <summary>Who asks, after <see cref="Check"/>.</summary>
    public static string AuthorOf(HttpContext context) => (string)context.Items[AuthorItem]!;

    private static string OwnName(HttpRequest request)
    {
        var name = request.Headers[AuthorHeader].ToString();
        var printable = string.Concat(name.Where(c => !char.IsControl(c)).Take(MaxAuthor)).Trim();
        return printable.Length > 0 ? printable : "unknown";
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static RefusedException Denied(string message) =>
        new(403, new ErrorInfo { Error = ErrorInfo.Denied, Message = message });
}
