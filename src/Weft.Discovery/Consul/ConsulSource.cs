using System.Globalization;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>
/// Follows one service by blocking queries: each says what was seen last, and is answered when there is something else, or
/// nothing for a while.
/// </summary>
internal sealed class ConsulSource(
    BackendClient client,
    ConsulNamerOptions options,
    TimeProvider time,
    Func<int> watches
) : IWatchSource<EndpointSet>
{
    private const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>
    /// From the beginning of one query to that of the next. The index of a service that does not exist moves with the whole
    /// catalogue, and would have it asked for without end.
    /// </summary>
    private static readonly TimeSpan MinInterval = TimeSpan.FromMilliseconds(250);

    /// <summary>The wait when there are more watches than connections, which they then take turns on.</summary>
    private static readonly TimeSpan TurnWait = TimeSpan.FromSeconds(2);

    private readonly ConsulAnswer _answer = new(options);

    public async Task WatchAsync(string key, IWatchReport<EndpointSet> report, CancellationToken stop)
    {
        var index = 0L;
        while (true)
        {
            var began = time.GetTimestamp();
            var next = await AskAsync(key, index, report, stop);
            // An index that went back is of a Consul that began anew; zero would not block.
            index = next < index ? 0 : Math.Max(next, 1);
            var rest = MinInterval - time.GetElapsedTime(began);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, time, stop);
            }
        }
    }

    /// <summary>Asks once and reports the answer.</summary>
    /// <returns>The index of what was answered.</returns>
    private async Task<long> AskAsync(string key, long index, IWatchReport<EndpointSet> report, CancellationToken stop)
    {
        var timeout = options.Watching.Timeout;
        var wait = watches() > options.Http.MaxConnections ? TurnWait : options.Wait;
        var blocking = index == 0 ? "" : $"index={index}&wait={(long)wait.TotalMilliseconds}ms&";
        using var request = client.Request(HttpMethod.Get, key + blocking + Consistency());
        if (client.ReadToken() is { } token)
        {
            request.Headers.TryAddWithoutValidation("X-Consul-Token", token);
        }
        // Consul adds up to a sixteenth to the wait, so that queries do not end together.
        var patience = index == 0 ? timeout : timeout + (wait * (17.0 / 16));
        // Those that wait for a turn are not late.
        patience *= Math.Max(1, watches() / options.Http.MaxConnections);
        using var response = await client.SendAsync(request, patience, stop);
        if (!response.IsSuccessStatusCode)
        {
            throw await client.ErrorAsync(response, timeout, stop);
        }
        var body = await client.ReadAsync(response, MaxBytes, timeout, stop);
        var (endpoints, problem) = _answer.Read(body);
        report.Take(endpoints);
        if (problem is not null)
        {
            report.Reject(problem);
        }
        return IndexOf(response);
    }

    private string Consistency() =>
        options.Consistency switch
        {
            ConsulConsistency.Stale => "stale",
            ConsulConsistency.Consistent => "consistent",
            _ => "",
        };

    private static long IndexOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-Consul-Index", out var values)
        && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            ? index
            : throw new BackendException("an answer of Consul has no index");
}
