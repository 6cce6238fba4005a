using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Weft.Api.Documents;
using Weft.Naming;
using Weft.Resources.Scalars;

namespace Weft.Cli.Control;

/// <summary>Asks a control plane about one namespace.</summary>
internal sealed class ControlClient : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly string _namespace;

    public ControlClient(Uri address, string ns, string? token, SslClientAuthenticationOptions? trust, string author)
    {
        _namespace = Uri.EscapeDataString(ns);
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        if (trust is not null)
        {
            handler.SslOptions = trust;
        }

        _http = new HttpClient(handler) { BaseAddress = address, Timeout = Timeout };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("weft-author", author);
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    private static ControlJson Json => ControlJson.Plain;

    public Task<DocumentList> ListAsync(string? kind, CancellationToken stop) =>
        SendAsync(
            HttpMethod.Get,
            kind is null ? "documents" : $"documents?kind={Uri.EscapeDataString(kind)}",
            null,
            Json.DocumentList,
            stop
        );

    public Task<DocumentInfo> GetAsync(string kind, string name, long? revision, CancellationToken stop) =>
        SendAsync(
            HttpMethod.Get,
            PathOf("documents", kind, name) + (revision is null ? "" : $"?revision={revision}"),
            null,
            Json.DocumentInfo,
            stop
        );

    public Task<DocumentList> HistoryAsync(string kind, string name, CancellationToken stop) =>
        SendAsync(HttpMethod.Get, PathOf("history", kind, name), null, Json.DocumentList, stop);

    public Task<ApplyResult> ApplyAsync(ApplyRequest request, CancellationToken stop) =>
        SendAsync(HttpMethod.Post, "apply", request, Json.ApplyResult, stop);

    public Task<ApplyResult> DiffAsync(ApplyRequest request, CancellationToken stop) =>
        SendAsync(HttpMethod.Post, "diff", request, Json.ApplyResult, stop);

    /// <summary>What a change would do to the calls that proxies saw within a window.</summary>
    public Task<PreviewResult> PreviewAsync(ApplyRequest request, TimeSpan window, CancellationToken stop) =>
        SendAsync(HttpMethod.Post, $"preview?window={DurationText.Show(window)}", request, Json.PreviewResult, stop);

    public Task<ApplyResult> DeleteAsync(string kind, string name, long? revision, CancellationToken stop) =>
        SendAsync(HttpMethod.Delete, PathOf("documents", kind, name), null, Json.ApplyResult, stop, revision);

    public Task<ApplyResult> RollbackAsync(string kind, string name, long to, CancellationToken stop) =>
        SendAsync(HttpMethod.Post, PathOf("rollback", kind, name) + $"?to={to}", null, Json.ApplyResult, stop);

    /// <summary>The connected proxies of the namespace.</summary>
    public async Task<ProxyList> ProxiesAsync(CancellationToken stop)
    {
        var all = await SendAsync(HttpMethod.Get, "/api/v1/proxies", null, Json.ProxyList, stop);
        return new ProxyList([.. all.Proxies.Where(p => Uri.EscapeDataString(p.Namespace) == _namespace)]);
    }

    /// <summary>What the proxies of the namespace reported of their traffic.</summary>
    public Task<TrafficInfo> TrafficAsync(TimeSpan window, string by, CancellationToken stop) =>
        SendAsync(HttpMethod.Get, $"traffic?window={DurationText.Show(window)}&by={by}", null, Json.TrafficInfo, stop);

    /// <summary>Where a name leads, as the control plane works it out: <c>delegate</c> or <c>resolve</c>.</summary>
    public Task<JsonElement> AskNameAsync(
        string what,
        string path,
        string? dtab,
        string? dtabName,
        CancellationToken stop
    ) =>
        SendAsync(
            HttpMethod.Get,
            $"{what}?path={Uri.EscapeDataString(path)}" + Query("dtab", dtab) + Query("dtab-name", dtabName),
            null,
            ReadTreeAsync,
            stop
        );

    public void Dispose() => _http.Dispose();

    private static string Query(string name, string? value) =>
        value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";

    private static async Task<JsonElement> ReadTreeAsync(HttpContent content, CancellationToken stop)
    {
        var options = new JsonDocumentOptions { MaxDepth = DelegationJson.WriterOptions.MaxDepth };
        using var document = await JsonDocument.ParseAsync(await content.ReadAsStreamAsync(stop), options, stop);
        return document.RootElement.TryGetProperty("bound", out _)
            ? document.RootElement.Clone()
            : throw new JsonException();
    }

    private static string PathOf(string what, string kind, string name) =>
        // Names of services hold slashes, which stay what they are.
        $"{what}/{Uri.EscapeDataString(kind)}/{string.Join('/', name.Split('/').Select(Uri.EscapeDataString))}";

    private Task<T> SendAsync<T>(
        HttpMethod method,
        string path,
        ApplyRequest? body,
        JsonTypeInfo<T> type,
        CancellationToken stop,
        long? expected = null
    )
        where T : class =>
        SendAsync(
            method,
            path,
            body,
            async (content, token) => await content.ReadFromJsonAsync(type, token) ?? throw new JsonException(),
            stop,
            expected
        );

    private async Task<T> SendAsync<T>(
        HttpMethod method,
        string path,
        ApplyRequest? body,
        Func<HttpContent, CancellationToken, Task<T>> read,
        CancellationToken stop,
        long? expected = null
    )
    {
        using var request = new HttpRequestMessage(
            method,
            path.StartsWith('/') ? path : $"/api/v1/namespaces/{_namespace}/{path}"
        );
        request.Content = body is null ? null : JsonContent.Create(body, Json.ApplyRequest);
        if (expected is not null)
        {
            request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{expected}\""));
        }

        try
        {
            using var response = await _http.SendAsync(request, stop);
            return response.IsSuccessStatusCode
                ? await read(response.Content, stop)
                : throw new ControlException(await ReadErrorAsync(response, stop));
        }
        catch (HttpRequestException error)
        {
            var reason = error.InnerException is SocketException socket ? socket.Message : error.Message;
            throw Unreachable($"cannot be reached: {reason.TrimEnd('.')}");
        }
        catch (TaskCanceledException) when (!stop.IsCancellationRequested)
        {
            throw Unreachable($"no answer within {Timeout.TotalSeconds} seconds");
        }
        catch (JsonException)
        {
            throw Unreachable("what answers there is no control plane");
        }
    }

    private static async Task<ErrorInfo> ReadErrorAsync(HttpResponseMessage response, CancellationToken stop)
    {
        var error = await response.Content.ReadFromJsonAsync(Json.ErrorInfo, stop);
        return error ?? throw new JsonException();
    }

    private ControlException Unreachable(string message) =>
        new(
            new ErrorInfo
            {
                Error = ErrorInfo.Unavailable,
                Message =
                    $"{_http.BaseAddress!.ToString().TrimEnd('/')}: {message}; is this the address of a control plane?",
            }
        );
}

/// <summary>A control plane refused, or cannot be reached.</summary>
internal sealed class ControlException(ErrorInfo error) : Exception(error.Message)
{
    public ErrorInfo Error { get; } = error;
}
