using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Weft.Cli.Checks;

/// <summary>How long and how much a check waits for and reads.</summary>
/// <param name="Timeout">For one answer, from connecting to its last byte.</param>
/// <param name="MaxBytes">Of one answer; beyond it nothing is read.</param>
internal sealed record InquiryOptions(TimeSpan Timeout, int MaxBytes = 64 * 1024 * 1024)
{
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);
}

/// <summary>Asks one server for pages over HTTP. Whatever it does, an answer comes out of it, and in time.</summary>
internal sealed class PageReader : IDisposable
{
    private const int HeadKilobytes = 64;

    private readonly HttpClient _http;
    private readonly InquiryOptions _options;
    private readonly TimeProvider _time;

    /// <summary>Asks nobody yet.</summary>
    /// <param name="address">Scheme, host and port.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="time">The clock of timeouts.</param>
    /// <param name="token">What opens it; null for nothing.</param>
    /// <param name="trust">Whom to trust over TLS; null for those whom the system trusts.</param>
    public PageReader(
        Uri address,
        InquiryOptions options,
        TimeProvider time,
        string? token = null,
        SslClientAuthenticationOptions? trust = null
    )
    {
        (_options, _time) = (options, time);
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = HeadKilobytes,
            ConnectTimeout = Timeout.InfiniteTimeSpan, // The time for the whole answer counts.
        };
        if (trust is not null)
        {
            handler.SslOptions = trust;
        }

        _http = new HttpClient(handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = token is null
            ? null
            : new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Asks for a page.</summary>
    /// <exception cref="OperationCanceledException">It was stopped; a timeout is an answer.</exception>
    public async Task<Answer> AskAsync(string path, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(_options.Timeout, _time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop, timeout.Token);
        try
        {
            var asked = _time.GetUtcNow();
            using var response = await _http.GetAsync(
                new Uri(path, UriKind.Relative),
                HttpCompletionOption.ResponseHeadersRead,
                ended.Token
            );
            // What the date says is compared with when it came, not with when the body ended.
            var times = new AskedTimes(asked, _time.GetUtcNow());
            return await ReadAsync(response.Content, ended.Token) is { } text
                ? new Answer.Page(
                    (int)response.StatusCode,
                    text,
                    times,
                    response.Headers.Date,
                    response.Headers.Contains("weft-error")
                )
                : new Answer.None(Silence.TooLong, $"the answer has more than {_options.MaxBytes} bytes");
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return new Answer.None(Silence.Slow, $"no complete answer within {_options.Timeout.TotalSeconds:0.###} s");
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return Describe(error);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Null when there is more than may be.</summary>
    private async Task<string?> ReadAsync(HttpContent content, CancellationToken stop)
    {
        if (content.Headers.ContentLength > _options.MaxBytes)
        {
            return null;
        }

        await using var body = await content.ReadAsStreamAsync(stop);
        using var read = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await body.ReadAsync(buffer, stop) is > 0 and var count)
        {
            if (read.Length + count > _options.MaxBytes)
            {
                return null;
            }

            read.Write(buffer, 0, count);
        }

        return Encoding.UTF8.GetString(read.GetBuffer().AsSpan(0, (int)read.Length));
    }

    private static Answer.None Describe(Exception error) =>
        error switch
        {
            { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => new Answer.None(
                Silence.Refused,
                "nobody listens there"
            ),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } tls => new Answer.None(
                Silence.Tls,
                $"TLS cannot be spoken with it: {Plain(tls.InnerException ?? tls)}"
            ),
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => NotHttp,
            HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => NotHttp,
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => new Answer.None(
                Silence.TooLong,
                $"the head of its answer has more than {HeadKilobytes} KiB"
            ),
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new Answer.None(
                Silence.Unreachable,
                "its name cannot be resolved"
            ),
            { InnerException: SocketException socket } => new Answer.None(
                Silence.Unreachable,
                $"it cannot be reached: {Plain(socket)}"
            ),
            _ => new Answer.None(Silence.Unreachable, $"the answer broke off: {Plain(error)}"),
        };

    private static Answer.None NotHttp => new(Silence.NotHttp, "what answers there speaks no HTTP");

    private static string Plain(Exception error) => error.Message.TrimEnd('.');
}
