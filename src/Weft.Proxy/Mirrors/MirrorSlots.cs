using Weft.Telemetry;

namespace Weft.Proxy;

/// <summary>Where the copies of one service's requests are counted, made when first needed. Belongs to a loop.</summary>
internal sealed class MirrorSlots(ProxyMetrics metrics, Direction direction, string service)
{
    private readonly CounterSlot?[] _slots = new CounterSlot?[(int)MirrorOutcome.Dropped + 1];

    public void Count(MetricShard shard, MirrorOutcome outcome) =>
        shard.Add(
            _slots[(int)outcome] ??= metrics.Mirrors.Series(ProxyMetrics.Text(direction), service, Text(outcome))
        );

    public void Release()
    {
        foreach (ref var slot in _slots.AsSpan())
        {
            if (slot is { } held)
            {
                metrics.Mirrors.Release(held);
                slot = null;
            }
        }
    }

    private static string Text(MirrorOutcome outcome) =>
        outcome switch
        {
            MirrorOutcome.Success => "success",
            MirrorOutcome.Failure => "failure",
            _ => "dropped",
        };
}
