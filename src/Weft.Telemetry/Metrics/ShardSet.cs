namespace Weft.Telemetry;

/// <summary>
/// All shards of one moment, and what the retired ones had counted. Immutable, so that a sum over it never sees a shard
/// both alive and retired, or neither.
/// </summary>
internal sealed class ShardSet(MetricShard[] shards, long[] retired)
{
    public static readonly ShardSet Empty = new([], []);

    public ShardSet With(MetricShard shard) => new([.. shards, shard], retired);

    public ShardSet Without(MetricShard shard)
    {
        var last = shard.Published;
        var base_ = new long[Math.Max(retired.Length, last.Length)];
        retired.CopyTo(base_, 0);
        for (var i = 0; i < last.Length; i++)
            base_[i] += last[i];
        return new ShardSet([.. shards.Where(other => other != shard)], base_);
    }

    public long Sum(int cell)
    {
        var sum = cell < retired.Length ? retired[cell] : 0;
        foreach (var shard in shards)
            sum += shard.Read(cell);
        return sum;
    }
}
