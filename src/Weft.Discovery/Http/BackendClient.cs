using System.Net;
using System.Text;

namespace Weft.Discovery;

/// <summary>Requests to one backend: bounded answers, with a limit of time on the clock that is given.</summary>
internal sealed class BackendClient : IAsyncDisposable
{
    private const int MaxTokenBytes = 64 * 1024;

    /// <summary>Of an error's body, what is shown to people.</summary>
    private const int MaxErrorLength = 120;

    private readonly HttpClient _http;
    private readonly BackendHttpOptions _options;
    private readonly TimeProvider _time;

    public BackendClient(HttpMessageHandler handler, BackendHttpOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        // The limit of time is ours, since this one's runs on the clock of the machine.
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>A request below the backend's address.</summary>
    /// <param name="method">What to do.</param>
    /// <param name="pathAndQuery">Escaped, and without a slash in front.</param>
    public HttpRequestMessage Request(HttpMethod method, string pathAndQuery)
    {
        var address = _options.Address.AbsoluteUri;
        return new HttpRequestMessage(method, new Uri($"{address.TrimEnd('/')}/{pathAndQuery}"))
        {
            // HTTP/2 where TLS offers it, HTTP/1.1 otherwise.
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
    }

    /// <summary>The secret of the token file; null when there is no such file to be used.</summary>
    /// <exception cref="BackendException">The file cannot be read.</exception>
    public string? ReadToken()
    {
        if (_options.TokenFile is not { } path)
        {
            return null;
        }
        try
        {
            using var file = File.OpenRead(path);
            if (file.Length > MaxTokenBytes)
            {
                throw new BackendException($"the token file {path} is larger than {MaxTokenBytes} bytes");
            }
            using var reader = new StreamReader(file);
            return reader.ReadToEnd().Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BackendException($"the token file {path} cannot be read", error);
        }
    }

    /// <summary>Sends a request and returns when the head of the answer is there; the answer is to be disposed.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        TimeSpan timeout,
        CancellationToken stop
    )
    {
        using var timer = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timer.Token);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    /// <summary>The whole body.</summary>
    /// <exception cref="BackendException">It is longer than <paramref name="maxBytes"/>.</exception>
    public async Task<byte[]> ReadAsync(
        HttpResponseMessage response,
        int maxBytes,
        TimeSpan timeout,
        CancellationToken stop
    )
    {
        using var timer = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, timer.Token);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            using var bytes = new MemoryStream();
            var buffer = new byte[16 * 1024];
            while (await stream.ReadAsync(buffer, either.Token) is var count and > 0)
            {
                if (bytes.Length + count > maxBytes)
                {
                    throw new BackendException($"an answer is larger than {maxBytes} bytes");
                }
                bytes.Write(buffer, 0, count);
            }
            return bytes.ToArray();
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
    }

    /// <summary>What an answer that is not a success means, for people.</summary>
    public async Task<BackendException> ErrorAsync(
        HttpResponseMessage response,
        TimeSpan timeout,
        CancellationToken stop
    )
    {
        var text = "";
        try
        {
            text = Encoding.UTF8.GetString(await ReadAsync(response, 64 * 1024, timeout, stop));
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            text = BackendErrors.Describe(error);
        }
        var line = new string([.. text.Trim().TakeWhile(c => !char.IsControl(c)).Take(MaxErrorLength)]);
        var status =
            response.StatusCode is var code && Enum.IsDefined(code)
                ? $"{(int)code} {code}"
                : $"{(int)response.StatusCode}";
        return new BackendException(line.Length == 0 ? $"it answered {status}" : $"it answered {status}: {line}");
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }
}
