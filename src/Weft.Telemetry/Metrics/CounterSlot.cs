namespace Weft.Telemetry;

/// <summary>Where a counter's series is kept in every shard. The default slot belongs to no series: adding to it changes nothing.</summary>
public readonly record struct CounterSlot(int Cell);
