using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>
/// Follows all services of a cluster over one watch (API v3 as JSON): reads everything page by page at one revision, then the
/// changes since. Compacted history and anything else that breaks the sequence means reading everything again.
/// </summary>
internal sealed class EtcdSource(
    ImmutableArray<BackendClient> members,
    EtcdNamerOptions options,
    TimeProvider time,
    Random random
) : IWatchSource<ImmutableDictionary<string, EndpointSet.Known>>
{
    private const int PageSize = 1000;

    /// <summary>A page holds values of 64 KiB at most; a watch may send many changes at once.</summary>
    private const int MaxBytes = 96 * 1024 * 1024;

    private readonly string _key = Base64(options.Root);
    private readonly string _rangeEnd = Base64(End(options.Root));
    private EtcdCatalogue? _last;

    public async Task WatchAsync(
        string key,
        IWatchReport<ImmutableDictionary<string, EndpointSet.Known>> report,
        CancellationToken stop
    )
    {
        var member = members[Next(members.Length)];
        using var resync = new CancellationTokenSource(options.Watching.Resync * (0.8 + (Next(400) / 1000.0)), time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, resync.Token);
        var catalogue = new EtcdCatalogue(options.Root, _last);
        try
        {
            var revision = await ReadAllAsync(member, catalogue, end.Token);
            Report(catalogue, report, isComplete: true);
            var first = await Task.WhenAny(
                FollowAsync(member, revision + 1, catalogue, report, end.Token),
                ProbeAsync(member, report, end.Token)
            );
            Cancel(end);
            await first;
        }
        catch (OperationCanceledException) when (resync.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            // Time to compare everything: the caller begins anew.
        }
    }

    private static void Cancel(CancellationTokenSource source) => source.Cancel();

    private void Report(
        EtcdCatalogue catalogue,
        IWatchReport<ImmutableDictionary<string, EndpointSet.Known>> report,
        bool isComplete
    )
    {
        report.Take(catalogue.Publish(isComplete));
        _last = catalogue;
        if (catalogue.Problem is { } problem)
        {
            report.Reject(problem);
        }
    }

    /// <summary>Reads all keys, as they were at one moment.</summary>
    /// <returns>The revision of that moment.</returns>
    private async Task<long> ReadAllAsync(BackendClient member, EtcdCatalogue catalogue, CancellationToken stop)
    {
        var revision = 0L;
        var from = _key;
        while (true)
        {
            using var page = await AskAsync(
                member,
                "v3/kv/range",
                $$"""{"key":"{{from}}","range_end":"{{_rangeEnd}}","limit":{{PageSize}},"revision":{{revision}}}""",
                stop
            );
            revision = revision == 0 ? RevisionOf(page.RootElement) : revision;
            var last = "";
            foreach (var pair in page.RootElement.Items("kvs"))
            {
                var key = Bytes(pair, "key");
                last = Convert.ToBase64String([.. key, 0]);
                catalogue.Put(Encoding.UTF8.GetString(key), Bytes(pair, "value"));
            }
            if (page.RootElement.Flag("more") is not true || last.Length == 0)
            {
                return revision;
            }
            from = last;
        }
    }

    private async Task FollowAsync(
        BackendClient member,
        long revision,
        EtcdCatalogue catalogue,
        IWatchReport<ImmutableDictionary<string, EndpointSet.Known>> report,
        CancellationToken stop
    )
    {
        using var response = await SendAsync(
            member,
            "v3/watch",
            $$$"""{"create_request":{"key":"{{{_key}}}","range_end":"{{{_rangeEnd}}}","start_revision":{{{revision}}},"progress_notify":true}}""",
            stop
        );
        await using var stream = await response.Content.ReadAsStreamAsync(stop);
        var lines = new LineReader(stream, MaxBytes);
        while (await lines.ReadAsync(stop) is { } line)
        {
            using var document = JsonFields.Parse(line);
            if (document.RootElement.Field("result") is not { } result)
            {
                var error = document.RootElement.Field("error");
                throw new BackendException(
                    $"etcd ended the watch: {error?.Text("message") ?? error?.ToString() ?? "no reason given"}"
                );
            }
            if (result.Whole("compact_revision") is > 0)
            {
                return; // What happened since is no longer told: everything is read again.
            }
            if (result.Flag("canceled") is true)
            {
                throw new BackendException(
                    $"etcd ended the watch: {result.Text("cancel_reason") ?? "no reason given"}"
                );
            }
            Apply(result, catalogue);
            Report(catalogue, report, isComplete: false);
        }
        throw new EndOfStreamException();
    }

    private static void Apply(JsonElement result, EtcdCatalogue catalogue)
    {
        foreach (var change in result.Items("events"))
        {
            if (change.Field("kv") is not { } pair)
            {
                throw new BackendException("a change of etcd has no key");
            }
            var key = Encoding.UTF8.GetString(Bytes(pair, "key"));
            if (change.Text("type") == "DELETE")
            {
                catalogue.Delete(key);
            }
            else
            {
                catalogue.Put(key, Bytes(pair, "value"));
            }
        }
    }

    /// <summary>A watch that is silent may be a member that is frozen or cut off: asks it something now and then.</summary>
    private async Task ProbeAsync(
        BackendClient member,
        IWatchReport<ImmutableDictionary<string, EndpointSet.Known>> report,
        CancellationToken stop
    )
    {
        while (true)
        {
            await Task.Delay(options.Probe, time, stop);
            using var answer = await AskAsync(
                member,
                "v3/kv/range",
                $$"""{"key":"{{_key}}","range_end":"{{_rangeEnd}}","count_only":true}""",
                stop
            );
            report.Confirm();
        }
    }

    private async Task<JsonDocument> AskAsync(BackendClient member, string path, string body, CancellationToken stop)
    {
        using var response = await SendAsync(member, path, body, stop);
        return JsonFields.Parse(await member.ReadAsync(response, MaxBytes, options.Watching.Timeout, stop));
    }

    private async Task<HttpResponseMessage> SendAsync(
        BackendClient member,
        string path,
        string body,
        CancellationToken stop
    )
    {
        using var request = member.Request(HttpMethod.Post, path);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (member.ReadToken() is { } token)
        {
            request.Headers.TryAddWithoutValidation("Authorization", token);
        }
        var response = await member.SendAsync(request, options.Watching.Timeout, stop);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }
        using (response)
        {
            throw await member.ErrorAsync(response, options.Watching.Timeout, stop);
        }
    }

    private int Next(int bound)
    {
        lock (random)
        {
            return random.Next(bound);
        }
    }

    private static long RevisionOf(JsonElement answer) =>
        answer.Field("header")?.Whole("revision") ?? throw new BackendException("an answer of etcd has no revision");

    private static byte[] Bytes(JsonElement pair, string name) =>
        pair.Field(name) is not { } value ? []
        : value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var bytes) ? bytes
        : throw new BackendException("an answer of etcd has a key or value that is not base64");

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    /// <summary>The first key after all that begin with a text that ends with a slash.</summary>
    private static string End(string root) => root[..^1] + (char)('/' + 1);
}
