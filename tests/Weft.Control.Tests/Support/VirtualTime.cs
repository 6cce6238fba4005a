namespace Weft.Control.Tests.Support;

/// <summary>A clock that stands still until a test moves it.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private TimeSpan _elapsed = TimeSpan.FromHours(7);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _elapsed.Ticks;

    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 3, 4, 0, 0, 0, TimeSpan.Zero) + _elapsed;

    public void Advance(double seconds) => _elapsed += TimeSpan.FromSeconds(seconds);
}
