namespace Weft.Cli.Stats;

/// <summary>How often, how well and how fast something was called in a stretch of time.</summary>
/// <param name="Count">Calls that ended.</param>
/// <param name="Successes">Those of them that were no failure.</param>
/// <param name="PerSecond">Null when the length of time is not known.</param>
/// <param name="Latencies">How long they took.</param>
internal sealed record CallStats(double Count, double Successes, double? PerSecond, Latencies Latencies)
{
    /// <summary>0 to 1; null when there were no calls.</summary>
    public double? SuccessRate => Count > 0 ? Successes / Count : null;
}

/// <summary>What callers of a service saw.</summary>
/// <param name="Direction">Whose traffic.</param>
/// <param name="Service">The logical name.</param>
/// <param name="Requests">Those that ended.</param>
/// <param name="InFlight">Those that have not; null when it is not known.</param>
internal sealed record ServiceStats(string Direction, string Service, CallStats Requests, double? InFlight);

/// <summary>What the endpoints of a concrete name answered, retries included.</summary>
/// <param name="Direction">Whose traffic.</param>
/// <param name="Client">The concrete name.</param>
/// <param name="Attempts">All of them.</param>
/// <param name="Retries">Those of them that were not the first of their request.</param>
internal sealed record ClientStats(string Direction, string Client, CallStats Attempts, double Retries);

/// <summary>How one proxy is doing.</summary>
internal sealed record ProxyStats(IReadOnlyList<ServiceStats> Services, IReadOnlyList<ClientStats> Clients)
{
    /// <summary>What happened between two pages of one proxy.</summary>
    /// <param name="earlier">Null for everything since the proxy's start.</param>
    /// <param name="later">The page whose series are shown.</param>
    /// <param name="length">Of the time between; null when it is not known.</param>
    public static ProxyStats Of(MetricsPage? earlier, MetricsPage later, TimeSpan? length)
    {
        var difference = new PageDifference(
            new MetricsIndex(earlier?.Samples ?? []),
            new MetricsIndex(later.Samples),
            length is { Ticks: > 0 } known ? known.TotalSeconds : null
        );
        return new ProxyStats(difference.Services(), difference.Clients());
    }

    /// <summary>Two pages, and the seconds between them.</summary>
    private sealed record PageDifference(MetricsIndex Before, MetricsIndex After, double? Seconds)
    {
        /// <summary>A service without any request yet is left out: a proxy keeps idle gauges of its own.</summary>
        public ServiceStats[] Services() =>
            [
                .. After
                    .Keys("service", "weft_requests_total", "weft_requests_in_flight")
                    .Where(key =>
                        After.Sum("weft_requests_total", "service", key) > 0
                        || After.Sum("weft_requests_in_flight", "service", key) > 0
                    )
                    .Select(key => new ServiceStats(
                        key.Direction,
                        key.Name,
                        Calls("weft_requests_total", "weft_request_duration_seconds", "service", key),
                        After.Sum("weft_requests_in_flight", "service", key)
                    )),
            ];

        public ClientStats[] Clients() =>
            [
                .. After
                    .Keys("client", "weft_attempts_total")
                    .Select(key => new ClientStats(
                        key.Direction,
                        key.Name,
                        Calls("weft_attempts_total", "weft_attempt_duration_seconds", "client", key),
                        Retries(key)
                    )),
            ];

        private double Retries(SeriesKey key)
        {
            var (now, then) = (After.Retries(key), Before.Retries(key));
            return now >= then ? now - then : now; // Otherwise the proxy was restarted, as below.
        }

        private CallStats Calls(string counter, string histogram, string label, SeriesKey key)
        {
            var (all, allBefore) = (After.Sum(counter, label, key), Before.Sum(counter, label, key));
            var good = After.Sum(counter, label, key, "success");
            var goodBefore = Before.Sum(counter, label, key, "success");
            var durations = After.Histogram(histogram, label, key);
            if (all >= allBefore && good >= goodBefore)
            {
                all -= allBefore;
                good -= goodBefore;
                durations = durations.Since(Before.Histogram(histogram, label, key));
            }

            // Otherwise the counters began anew: the proxy was restarted in between, and what it has now is what happened.
            return new CallStats(all, good, all / Seconds, Latencies.Of(durations));
        }
    }
}
