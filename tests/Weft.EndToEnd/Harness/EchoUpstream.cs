using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Weft.EndToEnd.Harness;

/// <summary>
/// A well-behaved server of HTTP/1.1, or of HTTP/2 with prior knowledge. Every response names it in <c>x-served-by</c>. Paths: <c>/echo</c> returns the body, <c>/hash</c>
/// the body's SHA-256, <c>/headers</c> the request's head as it arrived, <c>/status/N</c> that status, <c>/stream?bytes=N</c> N bytes of
/// <see cref="Pattern"/>, <c>/sink</c> counts a body of that pattern, <c>/trailers</c> returns the body's SHA-256
/// and the request's trailer, in the body and with HTTP/2 also in trailers, <c>/hold</c> answers after <see cref="Release"/>, <c>/boom</c> breaks the connection before any response (HTTP/2: the stream),
/// all others return its name.
/// </summary>
internal sealed class EchoUpstream : IAsyncDisposable
{
    public const string ServedByHeader = "x-served-by";

    /// <summary>The trailer of <c>/trailers</c> that says the body's SHA-256.</summary>
    public const string HashTrailer = "x-hash";

    /// <summary>The trailer of requests to <c>/trailers</c>, which comes back as <see cref="EchoTrailer"/>.</summary>
    public const string RequestTrailer = "x-sum";

    public const string EchoTrailer = "x-sum-was";

    private readonly string _name;
    private readonly WebApplication _app;
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, int> _paths = [];
    private int _served;
    private int _held;
    private long _streamed;

    private EchoUpstream(string name, IPEndPoint address, HttpProtocols protocol)
    {
        _name = name;
        Address = address;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(options =>
            {
                options.Limits.MaxRequestBodySize = null;
                options.Limits.MinRequestBodyDataRate = null;
                options.Limits.MinResponseDataRate = null;
                options.AddServerHeader = false;
                // It counts cancelled requests until they have ended here, and breaks off the connection of those who cancel faster than that.
                options.Limits.Http2.MaxStreamsPerConnection = 1000;
                options.Listen(address, listen => listen.Protocols = protocol);
            });
        _app = builder.Build();
        _app.Run(Serve);
    }

    public IPEndPoint Address { get; }

    /// <summary>Requests that were answered or are being answered.</summary>
    public int Served => Volatile.Read(ref _served);

    /// <summary>Bytes of <c>/stream</c> that somebody has taken, buffers on the way included.</summary>
    public long Streamed => Volatile.Read(ref _streamed);

    /// <summary>The paths that were asked for.</summary>
    public ICollection<string> Paths => _paths.Keys;

    /// <summary>Requests that wait for <see cref="Release"/>.</summary>
    public int Held => Volatile.Read(ref _held);

    /// <param name="address">Null: a free port; an address that was given before: the server comes back to it.</param>
    /// <param name="protocol">The version that it speaks, one of the two.</param>
    public static async Task<EchoUpstream> Start(
        string name,
        IPEndPoint? address = null,
        HttpProtocols protocol = HttpProtocols.Http1
    )
    {
        var upstream = new EchoUpstream(name, address ?? FreePort.NextOnLoopback(), protocol);
        await upstream._app.StartAsync(CancellationToken.None);
        return upstream;
    }

    /// <summary>Lets the requests to <c>/hold</c> go, those that come later too.</summary>
    public void Release() => _released.TrySetResult();

    /// <summary>Stops at once: connections are broken, whatever was under way on them.</summary>
    public async Task Kill()
    {
        Release();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await Kill();

    private async Task Serve(HttpContext context)
    {
        Interlocked.Increment(ref _served);
        var (request, response, aborted) = (context.Request, context.Response, context.RequestAborted);
        response.Headers[ServedByHeader] = _name;
        var path = request.Path.Value ?? "/";
        _paths.TryAdd(path, 0);
        switch (path)
        {
            case "/echo":
                response.ContentLength = request.ContentLength;
                await request.Body.CopyToAsync(response.Body, aborted);
                break;
            case "/hash":
                var hash = await SHA256.HashDataAsync(request.Body, aborted);
                await response.WriteAsync(Convert.ToHexStringLower(hash), aborted);
                break;
            case "/headers":
                await response.WriteAsync(HeadOf(request), aborted);
                break;
            case "/stream":
                var count = long.Parse(request.Query["bytes"].ToString(), CultureInfo.InvariantCulture);
                response.ContentLength = count;
                await Pattern.Write(response.Body, count, aborted, size => Interlocked.Add(ref _streamed, size));
                break;
            case "/sink":
                var received = await Pattern.Verify(request.Body, aborted);
                await response.WriteAsync(received.ToString(CultureInfo.InvariantCulture), aborted);
                break;
            case "/trailers":
                await AnswerWithTrailers(request, response, aborted);
                break;
            case "/hold":
                Interlocked.Increment(ref _held);
                await _released.Task.WaitAsync(aborted);
                await WriteName(response, aborted);
                break;
            case "/boom":
                context.Abort();
                break;
            default:
                if (path.StartsWith("/status/", StringComparison.Ordinal))
                    response.StatusCode = int.Parse(path.AsSpan("/status/".Length), CultureInfo.InvariantCulture);
                else
                    await WriteName(response, aborted);
                break;
        }
    }

    private static async Task AnswerWithTrailers(HttpRequest request, HttpResponse response, CancellationToken aborted)
    {
        var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(request.Body, aborted));
        var sum = request.CheckTrailersAvailable() ? request.GetTrailer(RequestTrailer).ToString() : "";
        await response.WriteAsync($"{hash} {sum}", aborted);
        if (response.SupportsTrailers()) // Kestrel writes none in HTTP/1.1.
        {
            response.AppendTrailer(HashTrailer, hash);
            response.AppendTrailer(EchoTrailer, sum);
        }
    }

    private Task WriteName(HttpResponse response, CancellationToken aborted)
    {
        response.ContentLength = _name.Length;
        return HttpMethods.IsHead(response.HttpContext.Request.Method)
            ? Task.CompletedTask
            : response.WriteAsync(_name, aborted);
    }

    private static string HeadOf(HttpRequest request)
    {
        var lines = request.Headers.SelectMany(h => h.Value.Select(value => $"{h.Key.ToLowerInvariant()}: {value}"));
        return $"{request.Method} {request.Path}{request.QueryString}\n{string.Join('\n', lines)}";
    }
}
