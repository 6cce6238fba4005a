namespace Weft.Resilience.Tests.Limits;

/// <summary>A server with some workers and one queue, in virtual time: Poisson arrivals, exponential service times, and somebody who says who is let in.</summary>
internal sealed class QueueSimulation(LoopRandom random, int workers, double meanMilliseconds)
{
    private readonly List<(long Ended, long Latency)> _served = [];
    private readonly Queue<long> _waiting = new();
    private readonly PriorityQueue<long, long> _ends = new();
    private int _busy;
    private long _lastSecond;

    public void Run(double callsPerSecond, int seconds, Func<bool> admit, Action<long, long> ended)
    {
        var until = seconds * Nanoseconds.PerSecond;
        _lastSecond = seconds;
        for (var now = 0L; now < until; now += Exponential(1000 / callsPerSecond))
        {
            while (_ends.TryPeek(out var arrived, out var end) && end <= now)
            {
                _ends.Dequeue();
                _served.Add((end, end - arrived));
                ended(end, end - arrived);
                _busy--;
                if (_waiting.TryDequeue(out var next))
                    Serve(next, end);
            }

            if (!admit())
                continue;
            if (_busy == workers)
                _waiting.Enqueue(now);
            else
                Serve(now, now);
        }
    }

    public double ServedPerSecond(int after) =>
        _served.Count(call => call.Ended >= after * Nanoseconds.PerSecond) / (double)(_lastSecond - after);

    public double P99Milliseconds(int after)
    {
        var latencies = _served
            .Where(call => call.Ended >= after * Nanoseconds.PerSecond)
            .Select(call => call.Latency)
            .Order()
            .ToArray();
        return latencies[latencies.Length * 99 / 100] / 1e6;
    }

    private void Serve(long arrived, long now)
    {
        _busy++;
        _ends.Enqueue(arrived, now + Exponential(meanMilliseconds));
    }

    private long Exponential(double mean) => (long)(-Math.Log(1 - random.NextDouble()) * mean * 1e6);
}
