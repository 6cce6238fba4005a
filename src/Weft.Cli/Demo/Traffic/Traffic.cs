using System.Diagnostics.CodeAnalysis;

namespace Weft.Cli.Demo;

/// <summary>
/// The shop's visitors: each sends one request after the other, at a bounded rate, and every outcome is recorded. A visitor that is late
/// goes on from now, so a slow machine gets fewer requests instead of a burst.
/// </summary>
internal sealed class Traffic : IAsyncDisposable
{
    // Beyond this a visitor has left the shop.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private const long NotOutstanding = -1;

    private readonly HttpClient _client;
    private readonly Uri _page;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly long[] _outstanding;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abandon = new();
    private Task _visitors = Task.CompletedTask;

    /// <summary>Visitors who wait outside until <see cref="Start"/>.</summary>
    /// <param name="handler">Where requests go; the traffic disposes it.</param>
    /// <param name="page">What is asked for.</param>
    /// <param name="visitors">Requests under way at once, at most.</param>
    /// <param name="rate">Requests per second of all visitors together.</param>
    /// <param name="time">The clock.</param>
    public Traffic(HttpMessageHandler handler, Uri page, int visitors, double rate, TimeProvider time)
    {
        _client = new HttpClient(handler) { Timeout = s_patience };
        _page = page;
        _interval = TimeSpan.FromSeconds(visitors / rate);
        _time = time;
        _began = time.GetTimestamp();
        _outstanding = new long[visitors];
        Array.Fill(_outstanding, NotOutstanding);
    }

    public SampleLog Samples { get; } = new();

    /// <summary>Time since the traffic began.</summary>
    public TimeSpan Now => _time.GetElapsedTime(_began);

    /// <summary>When the requests that are under way left.</summary>
    public TimeSpan[] Outstanding()
    {
        var starts = new List<TimeSpan>(_outstanding.Length);
        for (var i = 0; i < _outstanding.Length; i++)
        {
            var ticks = Volatile.Read(ref _outstanding[i]);
            if (ticks != NotOutstanding)
            {
                starts.Add(TimeSpan.FromTicks(ticks));
            }
        }

        return [.. starts];
    }

    /// <summary>One visit that is not recorded.</summary>
    public Task<Sample> VisitAsync(CancellationToken cancel) => VisitOnceAsync(Now, cancel);

    public void Start() => _visitors = Task.WhenAll(Enumerable.Range(0, _outstanding.Length).Select(VisitAllAsync));

    /// <summary>No further requests; those under way get the time to end that is given, and are recorded as lost after it.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        await _stop.CancelAsync();
        _abandon.CancelAfter(grace);
        await _visitors;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        _client.Dispose();
        _stop.Dispose();
        _abandon.Dispose();
    }

    private async Task VisitAllAsync(int visitor)
    {
        // Spread over one interval, so that the requests come one by one.
        var next = Now + (_interval * ((double)visitor / _outstanding.Length));
        while (await ReachAsync(next))
        {
            var started = Now;
            Volatile.Write(ref _outstanding[visitor], started.Ticks);
            var sample = await VisitOnceAsync(started, _abandon.Token);
            // Recorded first: between the two a request counts twice rather than not at all.
            Samples.Add(sample);
            Volatile.Write(ref _outstanding[visitor], NotOutstanding);
            next = TimeSpan.FromTicks(Math.Max((next + _interval).Ticks, Now.Ticks));
        }
    }

    private async Task<bool> ReachAsync(TimeSpan moment)
    {
        var left = moment - Now;
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, _time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return !_stop.IsCancellationRequested;
    }

    [SuppressMessage("Design", "CA1031", Justification = "However a visit fails, it is an outcome to record.")]
    private async Task<Sample> VisitOnceAsync(TimeSpan started, CancellationToken cancel)
    {
        try
        {
            using var response = await _client.GetAsync(_page, cancel);
            var body = await response.Content.ReadAsStringAsync(cancel);
            return SampleReader.Read(
                started,
                Now,
                (int)response.StatusCode,
                FieldOf(response, ServedBy.Field),
                FieldOf(response, "weft-error"),
                body
            );
        }
        catch (Exception error)
        {
            return SampleReader.Unanswered(started, Now, $"no answer: {error.GetBaseException().Message}");
        }
    }

    private static string? FieldOf(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
