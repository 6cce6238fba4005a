using System.Runtime.CompilerServices;
using Weft.Http;
using Weft.Net;

namespace Weft.Proxy;

/// <summary>
/// A client's connection, from its first byte to its end.
/// <code>
/// 1 detect   what its first bytes speak, in one read when they come together   ProtocolDetector
/// 2 serve    as that, beginning with the bytes that were read                  Http1ServerConnection, Http2ServerConnection
/// </code>
/// </summary>
internal sealed class DownstreamConnection : IServerConnection
{
    // As much as a server connection reads at once. A ClientHello may take two.
    private const int ReadBytes = 8 * 1024;

    private readonly ListenerLoop _listener;
    private readonly DownstreamOptions _options;
    private readonly DetectTimer _timer;
    private FirstBytes _first;
    private IServerConnection? _serving;
    private WireProtocol? _protocol;
    private bool _isDue;
    private bool _draining;

    public DownstreamConnection(Connection connection, ListenerLoop listener, DownstreamOptions options)
    {
        Connection = connection;
        _listener = listener;
        _options = options;
        _timer = new DetectTimer(this);
        Loops.Connections.DownstreamOpened();
    }

    public Connection Connection { get; }

    private LoopState Loops => _listener.Loop;

    private EventLoop Loop => Connection.Loop;

    public async ValueTask RunAsync()
    {
        try
        {
            // 1
            _serving = _options.Scope is { } scope ? await DetectAsync(scope) : Begin(_options.Fixed, default);
            if (_serving is null)
            {
                return;
            }

            // 2
            var run = _serving.RunAsync();
            if (_draining)
            {
                _serving.Drain(); // It came while the sockets were being closed: it is served, once.
            }

            await run;
        }
        catch (Exception e)
        {
            // A defect in the handling of one connection: it is closed, the others do not notice, and the log says it.
            Loops.OnDefect(e, _listener.Config.Name);
        }
        finally
        {
            TimerWheel.Clear(_timer);
            _first.Release(Loop);
            Connection.Close();
            Loops.Connections.DownstreamClosed(Connection, _protocol);
            _listener.OnEnded(this);
        }
    }

    /// <summary>Lets it end with the requests that are under way; one that has said nothing yet, after a moment.</summary>
    public void Drain()
    {
        _draining = true;
        if (_serving is not null)
        {
            _serving.Drain();
        }
        else if (_first.Count == 0)
        {
            Loop.SetTimer(_timer, Math.Min(_options.Http1.DrainGraceMilliseconds, _options.Http1.IdleMilliseconds));
        }
    }

    /// <summary>Ends it at once.</summary>
    public void Abort()
    {
        if (_serving is Http2ServerConnection http2)
        {
            http2.Abort();
            return;
        }

        Connection.Abort();
        (_serving as ServerExchange)?.LossWatcher?.OnClientLost();
    }

    [AsyncMethodBuilder(typeof(LoopAsyncMethodBuilder<>))]
    private async ValueTask<IServerConnection?> DetectAsync(DetectionScope scope)
    {
        var detect = (long)_options.Config.Timeouts.Detect.TotalMilliseconds;
        Loop.SetTimer(_timer, _options.SilenceIsOpaque ? detect : _options.Http1.IdleMilliseconds);
        while (await Connection.ReadableAsync())
        {
            if (_isDue)
            {
                return OnLate();
            }

            var before = _first.Count;
            var n = _first.Receive(Connection, Math.Min(ReadBytes, ProtocolDetector.MaxBytes - before));
            if (n == Connection.WouldBlock)
            {
                continue;
            }

            if (n <= 0)
            {
                return OnEnd(n, scope);
            }

            var protocol = ProtocolDetector.Detect(Loop.Scratch.AsSpan(0, _first.Count), scope);
            if (protocol != DetectedProtocol.Undecided)
            {
                TimerWheel.Clear(_timer);
                return Begin(protocol, Loop.Scratch.AsSpan(0, _first.Count));
            }

            if (before == 0)
            {
                Loop.SetTimer(_timer, detect); // From the first byte on; later ones do not prolong it.
            }

            _first.Hold(Loop);
        }

        return null;
    }

    /// <summary>The client has said all that it will: opaque bytes are passed on, however few; anything else needed more.</summary>
    private IServerConnection? OnEnd(int n, DetectionScope scope) =>
        n == 0 && _first.Count > 0 && scope == DetectionScope.Any
            ? Begin(DetectedProtocol.Opaque, Loop.Scratch.AsSpan(0, _first.Count))
            : null;

    private IServerConnection? OnLate()
    {
        if (_first.Count > 0)
        {
            return Refuse(ErrorReason.ClientTimeout, "the first bytes of a connection did not come in time");
        }

        return _options.SilenceIsOpaque && !_draining ? Begin(DetectedProtocol.Opaque, default) : null;
    }

    private IServerConnection? Begin(DetectedProtocol protocol, ReadOnlySpan<byte> received)
    {
        switch (protocol)
        {
            case DetectedProtocol.Http1:
                Know(WireProtocol.Http1);
                return new Http1ServerConnection(Connection, _listener, _options.Http1, received);
            case DetectedProtocol.Http2:
                Know(WireProtocol.Http2);
                return new Http2ServerConnection(Connection, _listener, _options.Http2, received);
            default:
                return Refuse(
                    ErrorReason.NotIdentified,
                    protocol == DetectedProtocol.Tls
                        ? "a TLS connection that names no host, and this listener has no 'service' for such"
                        : "a connection that speaks no HTTP and no TLS, and this listener has no 'service' for such"
                );
        }
    }

    private void Know(WireProtocol protocol)
    {
        _protocol = protocol;
        Loops.Connections.DownstreamKnown(protocol);
    }

    private IServerConnection? Refuse(ErrorReason reason, string message)
    {
        Loops.OnError(new ProxyError(reason, message), Loops.UnboundSlots, _listener, null, null);
        return null;
    }

    private void OnTimer()
    {
        _isDue = true;
        Connection.WakeReader();
    }

    private sealed class DetectTimer(DownstreamConnection connection) : LoopTimer
    {
        protected override void OnDue() => connection.OnTimer();
    }
}
