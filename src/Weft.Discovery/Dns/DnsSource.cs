using System.Net;

namespace Weft.Discovery;

/// <summary>Keeps a name known: asks again whenever its time to live is over.</summary>
internal sealed class DnsSource(DnsResolver resolver, DnsNamerOptions options, TimeProvider time, Random random)
    : IWatchSource<DnsAnswer>
{
    public async Task WatchAsync(string key, IWatchReport<DnsAnswer> report, CancellationToken stop)
    {
        if (IPAddress.TryParse(key, out var address))
        {
            report.Take(
                new DnsAnswer(Naming.EndpointSet.Known.Empty, new HostAnswer.Known([address]), TimeSpan.MaxValue)
            );
            await Task.Delay(Timeout.InfiniteTimeSpan, time, stop);
        }
        while (true)
        {
            var answer = key[0] == '_' ? await resolver.ServiceAsync(key, stop) : await resolver.HostAsync(key, stop);
            report.Take(answer);
            await Task.Delay(Wait(answer.Ttl), time, stop);
        }
    }

    /// <summary>
    /// The time to live and up to a tenth more, so that names that were first asked for together do not stay together. What
    /// becomes absent becomes so by the answer, never by the passing of time.
    /// </summary>
    private TimeSpan Wait(TimeSpan ttl)
    {
        double chance;
        lock (random)
        {
            chance = random.NextDouble();
        }
        var wait = TimeSpan.FromTicks(Math.Clamp(ttl.Ticks, options.MinRefresh.Ticks, options.MaxRefresh.Ticks));
        return wait * (1 + (0.1 * chance));
    }
}
