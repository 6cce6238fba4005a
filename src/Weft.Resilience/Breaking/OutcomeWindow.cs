namespace Weft.Resilience;

/// <summary>Successes and failures of the last window, in ten buckets, for one thread.</summary>
internal sealed class OutcomeWindow
{
    private const int Buckets = 10;

    private readonly long _width;
    private readonly (long Number, int Successes, int Failures)[] _buckets = new (
        long Number,
        int Successes,
        int Failures
    )[Buckets];

    public OutcomeWindow(TimeSpan window)
    {
        _width = Math.Max(1, Nanoseconds.Of(window) / Buckets);
        Clear();
    }

    public void Add(long now, bool success)
    {
        var number = now / _width;
        ref var bucket = ref _buckets[(int)(number % Buckets)];
        if (bucket.Number != number)
            bucket = (number, 0, 0);
        if (success)
            bucket.Successes++;
        else
            bucket.Failures++;
    }

    public (int Successes, int Failures) Sum(long now)
    {
        var oldest = (now / _width) - Buckets + 1;
        var (successes, failures) = (0, 0);
        foreach (var bucket in _buckets)
        {
            if (bucket.Number < oldest)
                continue;
            successes += bucket.Successes;
            failures += bucket.Failures;
        }

        return (successes, failures);
    }

    public void Clear() => Array.Fill(_buckets, (-1, 0, 0));
}
