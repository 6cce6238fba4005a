namespace Weft.Proxy;

/// <summary>A request that the proxy answered with an error of its own.</summary>
internal sealed record Failure(
    DateTimeOffset Time,
    string Listener,
    string? Name,
    string? Method,
    string? Path,
    ProxyError Error
);

/// <summary>The last failures of a loop: a ring of a fixed size.</summary>
internal sealed class RecentFailures
{
    private const int Kept = 64;
    private readonly Failure?[] _ring = new Failure?[Kept];
    private int _next;

    public void Add(Failure failure) => _ring[_next++ & (Kept - 1)] = failure;

    /// <summary>The latest first.</summary>
    public IReadOnlyList<Failure> Latest() => [.. _ring.OfType<Failure>().OrderByDescending(f => f.Time)];
}
