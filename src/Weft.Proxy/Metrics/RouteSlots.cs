using Weft.Telemetry;

namespace Weft.Proxy;

/// <summary>Where the requests of one logical name are counted: what callers saw. Belongs to a loop.</summary>
internal sealed class RouteSlots
{
    private readonly ProxyMetrics _metrics;
    private readonly StatusSlots _requests;
    private readonly StatusSlots _errors;
    private readonly HistogramSlot _duration;

    public RouteSlots(ProxyMetrics metrics, Direction direction, string service, string route)
    {
        _metrics = metrics;
        var d = ProxyMetrics.Text(direction);
        InFlight = metrics.InFlight.Series(d, service);
        _duration = metrics.RequestDuration.Series(d, service, route);
        _errors = new StatusSlots(
            metrics.Errors,
            key => metrics.Errors.Series(d, service, ((ErrorReason)key.Status).Text())
        );
        _requests = new StatusSlots(
            metrics.Requests,
            key => metrics.Requests.Series(d, service, route, key.StatusText, key.GrpcText, key.Result)
        );
    }

    public GaugeSlot InFlight { get; }

    public void Record(MetricShard shard, int status, GrpcStatus? grpc, bool failed, long nanoseconds)
    {
        _requests.Count(shard, new StatusKey(status, grpc, failed));
        shard.Record(_duration, nanoseconds);
    }

    /// <summary>Counts an error that the proxy answered itself.</summary>
    public void RecordError(MetricShard shard, ErrorReason reason) => _errors.Count(shard, new StatusKey((int)reason));

    public void Release()
    {
        _errors.Release();
        _requests.Release();
        _metrics.RequestDuration.Release(_duration);
        _metrics.InFlight.Release(InFlight);
    }
}
