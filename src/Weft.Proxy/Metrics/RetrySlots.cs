using Weft.Resilience;
using Weft.Telemetry;

namespace Weft.Proxy;

/// <summary>Where the further attempts of one service's requests are counted, made when first needed. Belongs to a loop.</summary>
internal sealed class RetrySlots(ProxyMetrics metrics, Direction direction, string service)
{
    private readonly CounterSlot?[] _slots = new CounterSlot?[(int)RetryOutcome.NotReplayable + 1];

    public void Count(MetricShard shard, RetryOutcome outcome) =>
        shard.Add(
            _slots[(int)outcome] ??= metrics.Retries.Series(ProxyMetrics.Text(direction), service, outcome.Text())
        );

    public void Release()
    {
        foreach (ref var slot in _slots.AsSpan())
        {
            if (slot is { } held)
            {
                metrics.Retries.Release(held);
                slot = null;
            }
        }
    }
}
