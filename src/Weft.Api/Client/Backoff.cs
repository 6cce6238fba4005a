namespace Weft.Api.Client;

/// <summary>
/// How long to wait before the next attempt: anything between nothing and a bound that doubles each time ("full jitter"), from the first
/// delay on, so that proxies which lost one control plane at one moment do not come back at one moment.
/// </summary>
internal sealed class Backoff(TimeSpan first, TimeSpan max, Random random)
{
    private int _attempts;

    public TimeSpan Next()
    {
        var bound = Math.Min(max.TotalMilliseconds, first.TotalMilliseconds * Math.Pow(2, Math.Min(_attempts++, 30)));
        return TimeSpan.FromMilliseconds(random.NextDouble() * bound);
    }

    public void Reset() => _attempts = 0;
}
