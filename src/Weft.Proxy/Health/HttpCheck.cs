using System.Net;
using System.Net.Sockets;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>Asks an endpoint for a path; its status is the answer.</summary>
internal static class HttpCheck
{
    private static readonly Version s_http1 = new(1, 1);
    private static readonly Version s_http2 = new(2, 0);

    public static async Task<HealthResult> AskAsync(HealthTarget target, Socket socket, CancellationToken stop)
    {
        using var invoker = Over(socket);
        using var request = Request(
            HttpMethod.Get,
            target,
            target.Spec.Path!,
            http2: target.Protocol == EndpointProtocol.Http2
        );
        using var response = await invoker.SendAsync(request, stop);
        var status = (int)response.StatusCode;
        foreach (var range in target.Spec.Expect)
        {
            if (range.Contains(status))
            {
                return HealthResult.Success;
            }
        }

        return new HealthResult(
            HealthOutcome.WrongAnswer,
            $"it answered {status} and not {string.Join(" or ", target.Spec.Expect)}"
        );
    }

    /// <summary>Sends requests over a socket, one at a time; nothing is pooled, and what is left of the connection goes with the socket.</summary>
    public static HttpMessageInvoker Over(Socket socket)
    {
        var isTaken = false;
        return new HttpMessageInvoker(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                ActivityHeadersPropagator = null,
                MaxResponseHeadersLength = 16,
                ConnectCallback = (_, _) =>
                {
                    // It would try again on another connection; for us the end of this one is the answer. To cancel, it closes the stream.
                    var isFirst = !isTaken;
                    isTaken = true;
                    return isFirst
                        ? ValueTask.FromResult<Stream>(new NetworkStream(socket, ownsSocket: true))
                        : ValueTask.FromException<Stream>(new EndOfStreamException());
                },
            },
            disposeHandler: true
        );
    }

    /// <summary>A request in one version of HTTP and no other.</summary>
    public static HttpRequestMessage Request(HttpMethod method, HealthTarget target, string path, bool http2)
    {
        var request = new HttpRequestMessage(method, UriOf(target.Address, path))
        {
            Version = http2 ? s_http2 : s_http1,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.UserAgent.ParseAdd("weft-health-check");
        return request;
    }

    private static Uri UriOf(IPEndPoint address, string path)
    {
        // The scope of a link-local address is this machine's affair.
        var host = address.ToString();
        var scope = host.IndexOf('%', StringComparison.Ordinal);
        return new Uri($"http://{(scope < 0 ? host : host[..scope] + host[host.IndexOf(']', scope)..])}{path}");
    }
}
