namespace Weft.Telemetry;

/// <summary>Where a histogram's series is kept in every shard. The default slot belongs to no series: recording changes nothing.</summary>
public readonly record struct HistogramSlot(int Cell);
