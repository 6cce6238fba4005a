using Weft.Http;
using Weft.Net;
using Weft.Telemetry;

namespace Weft.Proxy;

/// <summary>Counts connections and their bytes, both sides of one loop and direction.</summary>
internal sealed class ConnectionCounts
{
    private readonly MetricShard _shard;
    private readonly PeerSlots[] _downstream;
    private readonly PeerSlots[] _upstream;

    public ConnectionCounts(ProxyMetrics metrics, MetricShard shard, Direction direction)
    {
        _shard = shard;
        _downstream = Slots(metrics, direction, "downstream");
        _upstream = Slots(metrics, direction, "upstream");
    }

    public void DownstreamOpened(ConnectionProtocol protocol) => Opened(_downstream[(int)protocol]);

    public void DownstreamClosed(Connection connection, ConnectionProtocol protocol)
    {
        Count(_downstream[(int)protocol], connection);
        _shard.Add(_downstream[(int)protocol].Open, -1);
    }

    public void UpstreamOpened(ConnectionProtocol protocol) => Opened(_upstream[(int)protocol]);

    public void UpstreamClosed(ConnectionProtocol protocol) => _shard.Add(_upstream[(int)protocol].Open, -1);

    /// <summary>Counts the bytes that have moved since the last time.</summary>
    public void CountDownstream(Connection connection, ConnectionProtocol protocol) =>
        Count(_downstream[(int)protocol], connection);

    /// <summary>Counts the bytes that have moved since the last time.</summary>
    public void CountUpstream(Connection connection, ConnectionProtocol protocol) =>
        Count(_upstream[(int)protocol], connection);

    /// <summary>Counts the bytes that have moved since the last time.</summary>
    public void CountUpstream(ClientExchange exchange) =>
        CountUpstream(
            exchange.Connection,
            exchange is Http2ClientStream ? ConnectionProtocol.Http2 : ConnectionProtocol.Http1
        );

    /// <summary>Counts the bytes that have moved since the last time.</summary>
    public void CountDownstream(ServerExchange exchange) =>
        CountDownstream(
            exchange.Connection,
            exchange.Request.Version == ProtocolVersion.Http2 ? ConnectionProtocol.Http2 : ConnectionProtocol.Http1
        );

    private static PeerSlots[] Slots(ProxyMetrics metrics, Direction direction, string peer) =>
        [.. s_protocols.Select(p => new PeerSlots(metrics, direction, peer, p))];

    private static readonly string[] s_protocols = ["http1", "http2", "tcp"];

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

    private sealed class PeerSlots(ProxyMetrics metrics, Direction direction, string peer, string protocol)
    {
        public GaugeSlot Open { get; } = metrics.ConnectionsOpen.Series(ProxyMetrics.Text(direction), peer, protocol);

        public CounterSlot Total { get; } = metrics.Connections.Series(ProxyMetrics.Text(direction), peer, protocol);

        public CounterSlot In { get; } = metrics.Bytes.Series(ProxyMetrics.Text(direction), peer, protocol, "in");

        public CounterSlot Out { get; } = metrics.Bytes.Series(ProxyMetrics.Text(direction), peer, protocol, "out");
    }
}
