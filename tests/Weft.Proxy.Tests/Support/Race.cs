namespace Weft.Proxy.Tests;

/// <summary>Two endpoints whose requests, in the order of their arrival, do what the test says; the last step stays.</summary>
internal sealed class Race : IDisposable
{
    private readonly Upstream _one;
    private readonly Upstream _other;
    private int _taken = -1;

    public Race(params Func<UpstreamConnection, Task>[] steps)
    {
        Task Next(UpstreamConnection c) => steps[Math.Min(Interlocked.Increment(ref _taken), steps.Length - 1)](c);
        Upstream Endpoint() =>
            new(async c =>
            {
                while (await c.ReadAsync() is not null)
                {
                    await Next(c);
                }
            });
        _one = Endpoint();
        _other = Endpoint();
    }

    public Mesh Mesh(string service, VirtualTime? time = null) =>
        new(service: service, names: n => n.Set("web", _one.Address, _other.Address), time: time);

    public void Dispose()
    {
        _one.Dispose();
        _other.Dispose();
    }
}
