using System.Net;

namespace Weft.Bench.Overload;

/// <summary>Three times what a service can do, offered to a proxy before it.</summary>
/// <param name="Answers">What came of each request.</param>
/// <param name="Capacity">Requests per second that the service could do meanwhile.</param>
internal sealed record OverloadRun(IReadOnlyList<Answer> Answers, double Capacity)
{
    /// <summary>The name of the service.</summary>
    public const string Service = "shop";

    /// <summary>Requests that the service works on at once.</summary>
    public const int Workers = 10;

    /// <summary>What its callers wait for at most: later answers are no answers.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private const double Factor = 3;
    private const int WarmUp = 100;

    private static readonly TimeSpan s_work = TimeSpan.FromMilliseconds(50);

    /// <summary>How the service is called without any limit but its callers' patience.</summary>
    public static readonly string WithoutLimits = Document("");

    /// <summary>As many requests at the service as keep its workers busy, as many again that wait for a fifth of a second, and no more.</summary>
    public static readonly string WithQueue = Document(
        $"pool: {{maxConnections: {2 * Workers}, maxPending: {2 * Workers}, queueTimeout: 200ms}}"
    );

    /// <summary>As many requests at once as the service's latency says that it can take.</summary>
    public static readonly string WithAdaptiveLimit = Document(
        $"concurrency: {{initial: {2 * Workers}, min: 4, max: 1000, tolerance: 50%}}"
    );

    /// <summary>For how long requests were offered, and the last good answer came, whichever was later.</summary>
    public TimeSpan Length => TimeSpan.FromTicks(Math.Max(Answers[^1].Due.Ticks, Good.Max(a => a.Ended.Ticks)));

    /// <summary>Answers that were in time.</summary>
    public IEnumerable<Answer> Good => Answers.Where(a => a.IsGood).DefaultIfEmpty();

    /// <summary>The share of the service's capacity that became answers in time.</summary>
    public double Goodput => Answers.Count(a => a.IsGood) / (Capacity * Length.TotalSeconds);

    /// <summary>How long those took who were served.</summary>
    public TimeSpan LatencyOfServed(double quantile)
    {
        var ascending = Good.Select(a => a.Latency).Order().ToArray();
        return ascending[(int)(quantile * (ascending.Length - 1))];
    }

    /// <summary>Offers the load.</summary>
    /// <param name="service">Its workers; made by <see cref="StartServiceAsync"/> and used for this alone.</param>
    /// <param name="proxy">The proxy that leads to it.</param>
    /// <param name="length">For how long.</param>
    public static async Task<OverloadRun> RunAsync(WorkerUpstream service, IPEndPoint proxy, TimeSpan length)
    {
        // Every program runs its code for the first time: not yet at a rate that is too much.
        _ = await OfferedLoad.RunAsync(proxy, Service, "/", Workers / s_work.TotalSeconds / 2, WarmUp, atOnce: Workers);
        var rate = Factor * Workers / s_work.TotalSeconds;
        var count = (int)(rate * length.TotalSeconds);
        var answers = await OfferedLoad.RunAsync(proxy, Service, "/", rate, count, atOnce: count);
        return new OverloadRun(answers, service.Capacity);
    }

    public static Task<WorkerUpstream> StartServiceAsync() => WorkerUpstream.StartAsync(Workers, s_work);

    private static string Document(string more) =>
        $"""
            kind: Service
            metadata: {"{name: " + Service + "}"}
            spec:
              timeouts: {"{request: " + Patience.TotalSeconds + "s}"}
              {more}

            """;
}
