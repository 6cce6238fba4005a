using Weft.Http;
using Weft.Net;
using Weft.Telemetry;

namespace Weft.Proxy;

/// <summary>What a connection carries, as the <c>protocol</c> label says it.</summary>
internal enum WireProtocol : byte
{
    Http1,
    Http2,

    /// <summary>Bytes that are passed on as they are; also what a connection is counted as that has not said yet what it speaks.</summary>
    Tcp,
}

/// <summary>Counts connections and their bytes, both sides of one loop and direction.</summary>
internal sealed class ConnectionCounts(ProxyMetrics metrics, MetricShard shard, Direction direction)
{
    private const int Protocols = (int)WireProtocol.Tcp + 1;

    // Made when first needed: a proxy that speaks one protocol shows no series of the others.
    private readonly PeerSlots?[] _downstream = new PeerSlots?[Protocols];
    private readonly PeerSlots?[] _upstream = new PeerSlots?[Protocols];

    /// <summary>A client has connected; what it speaks is to be seen.</summary>
    public void DownstreamOpened() => shard.Add(Downstream(WireProtocol.Tcp).Open, 1);

    /// <summary>A client has connected and is not served.</summary>
    public void DownstreamRefused(Connection connection)
    {
        DownstreamOpened();
        DownstreamClosed(connection, null);
    }

    /// <summary>What a client speaks is known. At most once per connection.</summary>
    public void DownstreamKnown(WireProtocol protocol)
    {
        shard.Add(Downstream(WireProtocol.Tcp).Open, -1);
        Opened(Downstream(protocol));
    }

    /// <summary>A client's connection has ended.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="protocol">What it spoke; null when that was never known.</param>
    public void DownstreamClosed(Connection connection, WireProtocol? protocol)
    {
        var slots = Downstream(protocol ?? WireProtocol.Tcp);
        if (protocol is null)
        {
            shard.Add(slots.Total);
        }

        Count(slots, connection);
        shard.Add(slots.Open, -1);
    }

    public void UpstreamOpened(WireProtocol protocol) => Opened(Upstream(protocol));

    public void UpstreamClosed(WireProtocol protocol) => shard.Add(Upstream(protocol).Open, -1);

    /// <summary>Counts the bytes that have moved since the last time.</summary>
    public void CountDownstream(ServerExchange exchange) =>
        CountDownstream(
            exchange.Connection,
            exchange.Request.Version == ProtocolVersion.Http2 ? WireProtocol.Http2 : WireProtocol.Http1
        );

    /// <summary>The same.</summary>
    public void CountDownstream(Connection connection, WireProtocol protocol) =>
        Count(Downstream(protocol), connection);

    /// <summary>The same.</summary>
    public void CountUpstream(ClientExchange exchange) =>
        CountUpstream(
            exchange.Connection,
            exchange switch
            {
                Http2ClientStream => WireProtocol.Http2,
                TunnelConnection => WireProtocol.Tcp,
                _ => WireProtocol.Http1,
            }
        );

    /// <summary>The same.</summary>
    public void CountUpstream(Connection connection, WireProtocol protocol) => Count(Upstream(protocol), connection);

    private PeerSlots Downstream(WireProtocol protocol) =>
        _downstream[(int)protocol] ??= new PeerSlots(metrics, direction, "downstream", protocol);

    private PeerSlots Upstream(WireProtocol protocol) =>
        _upstream[(int)protocol] ??= new PeerSlots(metrics, direction, "upstream", protocol);

    private void Opened(PeerSlots slots)
    {
        shard.Add(slots.Open, 1);
        shard.Add(slots.Total);
    }

    private void Count(PeerSlots slots, Connection connection)
    {
        var (bytesIn, bytesOut) = connection.TakeUncounted();
        shard.Add(slots.In, bytesIn);
        shard.Add(slots.Out, bytesOut);
    }

    private sealed class PeerSlots(ProxyMetrics metrics, Direction direction, string peer, WireProtocol protocol)
    {
        public GaugeSlot Open { get; } =
            metrics.ConnectionsOpen.Series(ProxyMetrics.Text(direction), peer, Text(protocol));

        public CounterSlot Total { get; } =
            metrics.Connections.Series(ProxyMetrics.Text(direction), peer, Text(protocol));

        public CounterSlot In { get; } = metrics.Bytes.Series(ProxyMetrics.Text(direction), peer, Text(protocol), "in");

        public CounterSlot Out { get; } =
            metrics.Bytes.Series(ProxyMetrics.Text(direction), peer, Text(protocol), "out");

        private static string Text(WireProtocol protocol) =>
            protocol switch
            {
                WireProtocol.Http1 => "http1",
                WireProtocol.Http2 => "http2",
                _ => "tcp",
            };
    }
}
