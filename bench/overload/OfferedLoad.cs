using System.Diagnostics;
using System.Net;

namespace Weft.Bench.Overload;

/// <summary>Requests at a rate that waits for no answer: what an overload is made of.</summary>
internal static class OfferedLoad
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    /// <summary>Sends <paramref name="count"/> requests and returns what came of each, in the order of sending.</summary>
    /// <param name="proxy">Where they are sent.</param>
    /// <param name="host">Whom they ask for.</param>
    /// <param name="path">What for.</param>
    /// <param name="rate">Per second.</param>
    /// <param name="count">How many.</param>
    /// <param name="atOnce">So many may be under way: beyond that the rate is not kept, and a machine that is too slow gets less.</param>
    public static async Task<IReadOnlyList<Answer>> RunAsync(
        IPEndPoint proxy,
        string host,
        string path,
        double rate,
        int count,
        int atOnce
    )
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            Timeout = s_patience,
        };
        using var room = new SemaphoreSlim(atOnce);
        using var ticks = new PeriodicTimer(s_tick);
        var target = new Uri($"http://{proxy}{path}");
        var began = Stopwatch.GetTimestamp();
        var answers = new List<Task<Answer>>(count);
        while (answers.Count < count)
        {
            var due = TimeSpan.FromSeconds(answers.Count / rate);
            if (due > Stopwatch.GetElapsedTime(began))
            {
                _ = await ticks.WaitForNextTickAsync();
                continue;
            }

            await room.WaitAsync();
            answers.Add(Task.Run(() => SendAsync(client, target, host, began, due, room)));
        }

        return await Task.WhenAll(answers);
    }

    private static async Task<Answer> SendAsync(
        HttpClient client,
        Uri target,
        string host,
        long began,
        TimeSpan due,
        SemaphoreSlim room
    )
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, target);
            request.Headers.Host = host;
            using var response = await client.SendAsync(request);
            var reason = response.Headers.TryGetValues("weft-error", out var values) ? values.First() : null;
            return new Answer(due, Stopwatch.GetElapsedTime(began) - due, (int)response.StatusCode, reason);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException)
        {
            return new Answer(due, Stopwatch.GetElapsedTime(began) - due, 0, error.GetBaseException().Message);
        }
        finally
        {
            room.Release();
        }
    }
}
