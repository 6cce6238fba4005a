using Weft.Telemetry;

namespace Weft.Proxy;

/// <summary>Where one service's attempts at one concrete name are counted: what endpoints answered. Belongs to a loop.</summary>
internal sealed class ClientSlots
{
    private readonly ProxyMetrics _metrics;
    private readonly StatusSlots _attempts;
    private readonly HistogramSlot _duration;

    public ClientSlots(ProxyMetrics metrics, Direction direction, string service, string client)
    {
        _metrics = metrics;
        Service = service;
        var d = ProxyMetrics.Text(direction);
        _duration = metrics.AttemptDuration.Series(d, service, client);
        _attempts = new StatusSlots(
            metrics.Attempts,
            key =>
                metrics.Attempts.Series(
                    d,
                    service,
                    client,
                    key.StatusText,
                    key.GrpcText,
                    key.Result,
                    key.Retry ? "retry" : "first"
                )
        );
    }

    /// <summary>The value of the <c>service</c> label.</summary>
    public string Service { get; }

    public void Record(MetricShard shard, int status, GrpcStatus? grpc, bool failed, bool retry, long nanoseconds)
    {
        _attempts.Count(shard, new StatusKey(status, grpc, failed, retry));
        shard.Record(_duration, nanoseconds);
    }

    public void Release()
    {
        _attempts.Release();
        _metrics.AttemptDuration.Release(_duration);
    }
}
