namespace Weft.Http.Tests.Connections;

/// <summary>A clock that stands still until it is told to go on.</summary>
internal sealed class ManualTime : TimeProvider
{
    private long _nanoseconds;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => Interlocked.Read(ref _nanoseconds);

    public void Advance(int milliseconds) => Interlocked.Add(ref _nanoseconds, milliseconds * 1_000_000L);
}
