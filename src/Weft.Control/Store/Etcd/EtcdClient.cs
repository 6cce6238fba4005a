using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Weft.Control;

/// <summary>
/// The little of etcd that the store needs, over its JSON gateway (etcd 3.4 and later, <c>/v3</c>): 64-bit numbers are strings there, and
/// keys and values base64.
/// </summary>
internal sealed class EtcdClient(EtcdEndpoints endpoints) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly HttpClient _http = new(
        new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(1) }
    )
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>All pairs of a range, as they are now for the cluster as a whole.</summary>
    /// <returns>The pairs, and etcd's revision.</returns>
    /// <exception cref="StoreException">No member answers.</exception>
    public async Task<(IReadOnlyList<EtcdPair> Pairs, long Revision)> RangeAsync(
        string key,
        string? end,
        CancellationToken stop
    )
    {
        var body = Json(w =>
        {
            w.WriteString("key", EtcdKeys.Encode(key));
            if (end is not null)
            {
                w.WriteString("range_end", EtcdKeys.Encode(end));
            }
        });
        using var answer = await AskAsync("kv/range", body, isSafeToRepeat: true, stop);
        var pairs = answer.RootElement.TryGetProperty("kvs", out var found)
            ? found.EnumerateArray().Select(PairOf).ToArray()
            : [];
        return (pairs, Number(answer.RootElement.GetProperty("header"), "revision"));
    }

    /// <summary>Puts pairs and removes keys, all or none, if a key was last written at a revision.</summary>
    /// <returns>The revision that did it; null when the condition does not hold.</returns>
    /// <exception cref="StoreException">No member answers; it may have been done all the same.</exception>
    public async Task<long?> PutAsync(
        (string Key, long Revision) condition,
        IEnumerable<(string Key, string Base64)> puts,
        IEnumerable<string> removals,
        CancellationToken stop
    )
    {
        var body = Json(w =>
        {
            w.WriteStartArray("compare");
            w.WriteStartObject();
            w.WriteString("key", EtcdKeys.Encode(condition.Key));
            w.WriteString("target", "MOD");
            w.WriteString("result", "EQUAL");
            w.WriteString("mod_revision", condition.Revision.ToString(CultureInfo.InvariantCulture));
            w.WriteEndObject();
            w.WriteEndArray();
            w.WriteStartArray("success");
            foreach (var (key, value) in puts)
            {
                w.WriteStartObject();
                w.WriteStartObject("request_put");
                w.WriteString("key", EtcdKeys.Encode(key));
                w.WriteString("value", value);
                w.WriteEndObject();
                w.WriteEndObject();
            }

            foreach (var key in removals)
            {
                w.WriteStartObject();
                w.WriteStartObject("request_delete_range");
                w.WriteString("key", EtcdKeys.Encode(key));
                w.WriteEndObject();
                w.WriteEndObject();
            }

            w.WriteEndArray();
        });
        using var answer = await AskAsync("kv/txn", body, isSafeToRepeat: false, stop);
        return answer.RootElement.TryGetProperty("succeeded", out var succeeded) && succeeded.GetBoolean()
            ? Number(answer.RootElement.GetProperty("header"), "revision")
            : null;
    }

    /// <summary>Opens a watch of all of our keys; each line of the answer is a JSON object.</summary>
    /// <exception cref="HttpRequestException">The member does not answer.</exception>
    public async Task<(HttpResponseMessage Response, StreamReader Lines)> WatchAsync(
        Uri member,
        long since,
        CancellationToken stop
    )
    {
        var body = Json(w =>
        {
            w.WriteStartObject("create_request");
            w.WriteString("key", EtcdKeys.Encode(EtcdKeys.Root));
            w.WriteString("range_end", EtcdKeys.Encode(EtcdKeys.RootEnd));
            w.WriteString("start_revision", since.ToString(CultureInfo.InvariantCulture));
            w.WriteEndObject();
        });
        using var request = Request(member, "watch", body);
        var response = await _http
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop)
            .WaitAsync(Patience, stop);
        response.EnsureSuccessStatusCode();
        return (response, new StreamReader(await response.Content.ReadAsStreamAsync(stop)));
    }

    public static EtcdPair PairOf(JsonElement pair) =>
        new(
            Encoding.UTF8.GetString(pair.GetProperty("key").GetBytesFromBase64()),
            pair.TryGetProperty("value", out var value) ? value.GetBytesFromBase64() : [],
            pair.TryGetProperty("mod_revision", out _) ? Number(pair, "mod_revision") : 0
        );

    public static long Number(JsonElement of, string property) =>
        long.Parse(of.GetProperty(property).GetString()!, NumberStyles.None, CultureInfo.InvariantCulture);

    public void Dispose() => _http.Dispose();

    private async Task<JsonDocument> AskAsync(string method, byte[] body, bool isSafeToRepeat, CancellationToken stop)
    {
        var tried = new List<string>();
        for (var attempt = 0; attempt < endpoints.Count; attempt++)
        {
            var member = endpoints.Current;
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(Patience);
            try
            {
                using var request = Request(member, method, body);
                using var response = await _http.SendAsync(request, patience.Token);
                var text = await response.Content.ReadAsByteArrayAsync(patience.Token);
                if (response.IsSuccessStatusCode)
                {
                    return JsonDocument.Parse(text);
                }

                tried.Add($"{member.Authority}: answered {(int)response.StatusCode}: {Reason(text)}");
            }
            catch (Exception error)
                when (error is HttpRequestException or JsonException
                    || (error is OperationCanceledException && !stop.IsCancellationRequested)
                )
            {
                tried.Add(
                    $"{member.Authority}: {(error is OperationCanceledException ? "no answer in time" : error.Message)}"
                );
                // A change may have been made although no answer came, and must not be made twice; one that never left may be sent elsewhere.
                if (
                    !isSafeToRepeat
                    && error is not HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError }
                )
                {
                    endpoints.Leave(member);
                    break;
                }
            }

            endpoints.Leave(member);
        }

        throw new StoreException(
            (
                isSafeToRepeat
                    ? "etcd cannot be asked: "
                    : "etcd cannot be written to, or it is not known whether it was: "
            ) + string.Join("; ", tried)
        );
    }

    private static HttpRequestMessage Request(Uri member, string method, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(member, $"/v3/{method}"))
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return request;
    }

    private static string Reason(byte[] answer)
    {
        try
        {
            using var json = JsonDocument.Parse(answer);
            return json.RootElement.TryGetProperty("error", out var error) ? error.ToString() : "";
        }
        catch (JsonException)
        {
            return "something that is not etcd's";
        }
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return bytes.ToArray();
    }
}
