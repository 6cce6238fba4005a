using Weft.Net;
using Weft.Resources;

namespace Weft.Proxy;

internal sealed partial class UpstreamEndpoint
{
    /// <summary>Opens a connection that counts as one of this endpoint's, or says why there is none.</summary>
    /// <param name="protocol">What it will carry.</param>
    /// <param name="deadline">The loop's time in milliseconds at which nobody needs it any more.</param>
    /// <param name="onBehalfOf">The client's connection that it is for alone; null when it carries the requests of many.</param>
    public async LoopTask<ConnectResult> OpenAsync(WireProtocol protocol, long deadline, Connection? onBehalfOf)
    {
        var loop = _loop.Loop;
        var timeout = Math.Min(
            Math.Max(1, deadline - loop.NowMilliseconds),
            (long)_spec.Timeouts.Connect.TotalMilliseconds
        );
        Open++;
        var (connection, failure) = await loop.ConnectAsync(Address, (int)timeout);
        if (connection is not null && !TryIntroduce(connection, onBehalfOf))
        {
            connection.Abort();
            (connection, failure) = (null, "it took no byte");
        }

        if (connection is null)
        {
            Open--;
            // That a caller was in a hurry says nothing of the endpoint.
            if (loop.NowMilliseconds < deadline)
            {
                _refusal = failure;
                _name.ConnectFailed(Load);
            }

            return new ConnectResult(null, failure);
        }

        _name.Connected(Load);
        _loop.Connections.UpstreamOpened(protocol);
        return new ConnectResult(connection, null);
    }

    /// <summary>A connection of <see cref="OpenAsync"/> has ended, which this class did not keep.</summary>
    public void OnClosed(Connection connection, WireProtocol protocol)
    {
        _loop.Connections.CountUpstream(connection, protocol);
        OnClosed(protocol);
    }

    /// <summary>Says on whose behalf the connection is made, where the service asks for it. A new connection takes so few bytes at once.</summary>
    private bool TryIntroduce(Connection connection, Connection? onBehalfOf)
    {
        if (_spec.ProxyProtocol == ProxyProtocolVersion.None)
        {
            return true;
        }

        Span<byte> header = stackalloc byte[ProxyHeader.MaxWritten];
        var length = ProxyHeader.Write(
            _spec.ProxyProtocol,
            onBehalfOf?.RemoteEndPoint,
            onBehalfOf?.LocalEndPoint,
            header
        );
        return connection.TryWrite(header[..length]) == length;
    }
}
