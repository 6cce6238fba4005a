using Weft.Http;
using Weft.Net;
using Weft.Telemetry;

namespace Weft.Proxy;

/// <summary>Counts connections and their bytes, both sides of one loop and direction.</summary>
internal sealed class ConnectionCounts
{
    private const string Protocol = "http1";

    private readonly MetricShard _shard;
    private readonly PeerSlots _downstream;
    private readonly PeerSlots _upstream;

    public ConnectionCounts(ProxyMetrics metrics, MetricShard shard, Direction direction)
    {
        _shard = shard;
        _downstream = new PeerSlots(metrics, direction, "downstream");
        _upstream = new PeerSlots(metrics, direction, "upstream");
    }

    public void DownstreamOpened() => Opened(_downstream);

    public void DownstreamClosed(Connection connection)
    {
        Count(_downstream, connection);
        _shard.Add(_downstream.Open, -1);
    }

    public void UpstreamOpened() => Opened(_upstream);

    public void UpstreamClosed() => _shard.Add(_upstream.Open, -1);

    /// <summary>Counts the bytes that have moved since the last time.</summary>
    public void CountDownstream(Connection connection) => Count(_downstream, connection);

    /// <summary>Counts the bytes that have moved since the last time.</summary>
    public void CountUpstream(ClientExchange exchange) => Count(_upstream, exchange.Connection);

    private void Opened(PeerSlots slots)
    {
        _shard.Add(slots.Open, 1);
        _shard.Add(slots.Total);
    }

    private void Count(PeerSlots slots, Connection connection)
    {
        var (bytesIn, bytesOut) = connection.TakeUncounted();
        _shard.Add(slots.In, bytesIn);
        _shard.Add(slots.Out, bytesOut);
    }

    private sealed class PeerSlots(ProxyMetrics metrics, Direction direction, string peer)
    {
        public GaugeSlot Open { get; } = metrics.ConnectionsOpen.Series(ProxyMetrics.Text(direction), peer, Protocol);

        public CounterSlot Total { get; } = metrics.Connections.Series(ProxyMetrics.Text(direction), peer, Protocol);

        public CounterSlot In { get; } = metrics.Bytes.Series(ProxyMetrics.Text(direction), peer, Protocol, "in");

        public CounterSlot Out { get; } = metrics.Bytes.Series(ProxyMetrics.Text(direction), peer, Protocol, "out");
    }
}
