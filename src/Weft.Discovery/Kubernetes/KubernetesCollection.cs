using System.Net;
using System.Text.Json;

namespace Weft.Discovery;

/// <summary>
/// Follows one collection of objects: lists it page by page, then watches from the version of that list on. A watch that ends or breaks goes on where it
/// was; a version that the server has forgotten (410 Gone) means listing again.
/// </summary>
internal sealed class KubernetesCollection(
    BackendClient client,
    KubernetesNamerOptions options,
    TimeProvider time,
    Random random
)
{
    private const int PageSize = 500;
    private const int MaxPageBytes = 64 * 1024 * 1024;

    /// <summary>An object of a cluster has 1.5 MiB at most.</summary>
    private const int MaxLineBytes = 4 * 1024 * 1024;

    /// <summary>Objects that are read before the list is given up.</summary>
    private const int MaxObjects = 100_000;

    /// <summary>From the beginning of one request for changes to that of the next.</summary>
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);

    private readonly Backoff _backoff = new(options.Watching.BaseBackoff, options.Watching.MaxBackoff, random);

    /// <summary>Follows a collection until an error, which it throws, or until told to stop.</summary>
    /// <param name="path">Of the collection, without a slash in front.</param>
    /// <param name="replace">Takes in everything there is, by name.</param>
    /// <param name="change">Takes in one object; null: it is gone.</param>
    /// <param name="confirm">Takes in that the server is there.</param>
    /// <param name="stop">Ends it.</param>
    public async Task FollowAsync(
        string path,
        Action<Dictionary<string, JsonElement>> replace,
        Action<string, JsonElement?> change,
        Action confirm,
        CancellationToken stop
    )
    {
        while (true)
        {
            var version = await ListAsync(path, replace, stop);
            while (version is not null)
            {
                var began = time.GetTimestamp();
                version = await WatchAsync(path, version, change, confirm, stop);
                var rest = MinInterval - time.GetElapsedTime(began);
                if (rest > TimeSpan.Zero)
                {
                    await Task.Delay(rest, time, stop);
                }
            }
            // Whoever lists because all watches were dropped does not do so together with all others.
            await Task.Delay(_backoff.Next(), time, stop);
        }
    }

    /// <summary>Reads the whole collection.</summary>
    /// <returns>Its version; null when the server lost it between two pages.</returns>
    private async Task<string?> ListAsync(
        string path,
        Action<Dictionary<string, JsonElement>> replace,
        CancellationToken stop
    )
    {
        var all = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var next = "";
        while (true)
        {
            using var response = await SendAsync($"{path}?limit={PageSize}{next}", options.Watching.Timeout, stop);
            if (response.StatusCode == HttpStatusCode.Gone)
            {
                return null;
            }
            var body = await client.ReadAsync(response, MaxPageBytes, options.Watching.Timeout, stop);
            using var page = JsonFields.Parse(body);
            var metadata =
                page.RootElement.Field("metadata")
                ?? throw new BackendException("a list of Kubernetes has no metadata");
            if (!page.RootElement.TryGetProperty("items", out _))
            {
                // One without items says so, with null or an empty list: this is something else.
                throw new BackendException("a list of Kubernetes has no items");
            }
            foreach (var item in page.RootElement.Items("items"))
            {
                all[NameOf(item)] = item.Clone();
            }
            if (all.Count > MaxObjects)
            {
                throw new BackendException($"{path} has more than {MaxObjects} objects");
            }
            if (metadata.Text("continue") is { Length: > 0 } token)
            {
                next = $"&continue={Uri.EscapeDataString(token)}";
                continue;
            }
            var version =
                metadata.Text("resourceVersion") ?? throw new BackendException("a list of Kubernetes has no version");
            replace(all);
            return version;
        }
    }

    /// <summary>Takes in changes until the server ends the watch.</summary>
    /// <returns>The version to go on from; null when the server has forgotten it.</returns>
    private async Task<string?> WatchAsync(
        string path,
        string version,
        Action<string, JsonElement?> change,
        Action confirm,
        CancellationToken stop
    )
    {
        var seconds = (int)(options.Watch.TotalSeconds * (1 + (0.5 * Chance())));
        var query = $"watch=1&allowWatchBookmarks=true&resourceVersion={Uri.EscapeDataString(version)}";
        using var response = await SendAsync(
            $"{path}?{query}&timeoutSeconds={seconds}",
            options.Watching.Timeout,
            stop
        );
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            return null;
        }
        confirm();
        using var patience = new CancellationTokenSource(
            TimeSpan.FromSeconds(seconds) + options.Watching.Timeout,
            time
        );
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            var lines = new LineReader(stream, MaxLineBytes);
            while (await lines.ReadAsync(either.Token) is { } line)
            {
                using var document = JsonFields.Parse(line);
                version = Take(document.RootElement, version, change, confirm) ?? "";
                if (version.Length == 0)
                {
                    return null;
                }
            }
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            // A connection that breaks is no news: the next one goes on from here, or says that the server is away.
            return version;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new TimeoutException();
        }
        return version;
    }

    /// <summary>Takes in one event.</summary>
    /// <returns>The version after it; null when the server has forgotten what came before.</returns>
    private static string? Take(
        JsonElement happened,
        string version,
        Action<string, JsonElement?> change,
        Action confirm
    )
    {
        var subject = happened.Field("object") ?? throw new BackendException("an event of Kubernetes is of no object");
        var type = happened.Text("type");
        if (type == "ERROR")
        {
            var code = subject.Whole("code");
            return code == (int)HttpStatusCode.Gone
                ? null
                : throw new BackendException(
                    $"Kubernetes ended the watch: {subject.Text("message") ?? $"code {code}"}"
                );
        }
        switch (type)
        {
            case "ADDED" or "MODIFIED":
                change(NameOf(subject), subject);
                break;
            case "DELETED":
                change(NameOf(subject), null);
                break;
            case "BOOKMARK":
                confirm();
                break;
            default:
                throw new BackendException($"an event of Kubernetes has the type '{type}'");
        }
        return subject.Field("metadata")?.Text("resourceVersion") is { Length: > 0 } next ? next : version;
    }

    /// <summary>Sends a request. Any answer but success and 410 is an error.</summary>
    private async Task<HttpResponseMessage> SendAsync(string path, TimeSpan timeout, CancellationToken stop)
    {
        using var request = client.Request(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        if (client.ReadToken() is { } token)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }
        var response = await client.SendAsync(request, timeout, stop);
        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.Gone)
        {
            return response;
        }
        using (response)
        {
            throw await client.ErrorAsync(response, timeout, stop);
        }
    }

    private static string NameOf(JsonElement item) =>
        item.Field("metadata")?.Text("name") is { Length: > 0 } name
            ? name
            : throw new BackendException("an object of Kubernetes has no name");

    private double Chance()
    {
        lock (random)
        {
            return random.NextDouble();
        }
    }
}
