using Weft.Http;
using Weft.Net;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>
/// A client's connection, from its first byte to its end.
/// <code>
/// 1 introduce  whom a listed peer stands for                                   ProxyHeader
/// 2 detect     what the first bytes speak, in one read when they come together ProtocolDetector, ClientHello
/// 3 serve      as that, beginning with the bytes that were read                Http1ServerConnection, Http2ServerConnection, TcpConnection
/// </code>
/// </summary>
internal sealed class DownstreamConnection : IServerConnection
{
    // As much as a server connection reads at once. A ClientHello may take two.
    private const int ReadBytes = 8 * 1024;

    // Where in the scratch memory a ClientHello is put together: behind what was received.
    private const int HelloOffset = 32 * 1024;

    private readonly ListenerLoop _listener;
    private readonly DownstreamOptions _options;
    private readonly OpeningTimer _timer;
    private FirstBytes _first;
    private IServerConnection? _serving;
    private WireProtocol? _protocol;
    private bool _awaitsHeader;
    private bool _isDue;
    private bool _isRefused;
    private bool _draining;

    public DownstreamConnection(Connection connection, ListenerLoop listener, DownstreamOptions options)
    {
        Connection = connection;
        _listener = listener;
        _options = options;
        _timer = new OpeningTimer(this);
        _awaitsHeader = options.IsIntroduced(connection.RemoteEndPoint.Address);
        State.Connections.DownstreamOpened();
    }

    public Connection Connection { get; }

    private LoopState State => _listener.Loop;

    private EventLoop Loop => Connection.Loop;

    private long DetectMilliseconds => (long)_options.Config.Timeouts.Detect.TotalMilliseconds;

    public async LoopTask RunAsync()
    {
        try
        {
            // 1 and 2
            _serving = _awaitsHeader || _options.Scope is not null ? await OpenAsync() : Serve(_options.Fixed, default);
            TimerWheel.Clear(_timer);
            _first.Release(Loop);
            if (_serving is null)
            {
                return;
            }

            // 3
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
            State.OnDefect(e, _listener.Config.Name);
        }
        finally
        {
            TimerWheel.Clear(_timer);
            _first.Release(Loop);
            Connection.Close();
            State.Connections.DownstreamClosed(Connection, _protocol);
            _listener.OnEnded(this);
        }
    }

    /// <summary>Lets it end with what is under way; one that has said nothing yet, after a moment.</summary>
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

    /// <summary>1 and 2: null when the connection is at its end.</summary>
    private async LoopTask<IServerConnection?> OpenAsync()
    {
        Wait();
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
                return OnEnd(n);
            }

            if (before == 0 && !_awaitsHeader)
            {
                Loop.SetTimer(_timer, DetectMilliseconds); // From the first byte on; later ones do not prolong it.
            }

            if (Look() is { } serving)
            {
                return serving;
            }

            if (_isRefused)
            {
                return null;
            }

            _first.Hold(Loop);
        }

        return null;
    }

    /// <summary>Waits for the first byte, for as long as this client may take.</summary>
    private void Wait() =>
        Loop.SetTimer(
            _timer,
            _awaitsHeader || _options.SilenceIsOpaque ? DetectMilliseconds : _options.Http1.IdleMilliseconds
        );

    private IServerConnection? Look()
    {
        if (_awaitsHeader && !TakeHeader())
        {
            return null;
        }

        if (_options.Scope is not { } scope)
        {
            return Serve(_options.Fixed, _first.In(Loop));
        }

        var protocol = _first.Count == 0 ? DetectedProtocol.Undecided : ProtocolDetector.Detect(_first.In(Loop), scope);
        return protocol == DetectedProtocol.Undecided ? null : Serve(protocol, _first.In(Loop));
    }

    /// <summary>1: true when the header is there; what it says of the connection's ends counts from now on.</summary>
    private bool TakeHeader()
    {
        var status = ProxyHeader.Read(_first.In(Loop), out var header, out var length);
        if (status == ParseStatus.Rejected)
        {
            Refuse(ErrorReason.BadRequest, $"{Connection.RemoteEndPoint} sent no valid PROXY protocol header");
        }

        if (status != ParseStatus.Complete)
        {
            return false;
        }

        if (header is { Source: { } source, Destination: { } destination })
        {
            Connection.Represent(source, destination);
        }

        _awaitsHeader = false;
        _first.Drop(Loop, length);
        if (_first.Count == 0)
        {
            Wait(); // Its client may take as long as any other.
        }

        return true;
    }

    /// <summary>The client has said all that it will: opaque bytes are passed on, however few; anything else needed more.</summary>
    private IServerConnection? OnEnd(int n) =>
        n == 0 && _first.Count > 0 && !_awaitsHeader && _options.Scope == DetectionScope.Any
            ? Serve(DetectedProtocol.Opaque, _first.In(Loop))
            : null;

    private IServerConnection? OnLate()
    {
        if (_first.Count > 0)
        {
            Refuse(ErrorReason.ClientTimeout, "the first bytes of a connection did not come in time");
            return null;
        }

        return _options.SilenceIsOpaque && !_awaitsHeader && !_draining
            ? Serve(DetectedProtocol.Opaque, default)
            : null;
    }

    private IServerConnection? Serve(DetectedProtocol protocol, ReadOnlySpan<byte> received)
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
                return Pass(protocol, received);
        }
    }

    private TcpConnection? Pass(DetectedProtocol protocol, ReadOnlySpan<byte> received)
    {
        var host =
            protocol == DetectedProtocol.Tls
                ? ClientHello.ServerName(received, Loop.Scratch.AsSpan(HelloOffset))
                : default;
        if (_listener.NameOf(host) is { } name)
        {
            Know(WireProtocol.Tcp);
            return new TcpConnection(Connection, _listener, name, received);
        }

        Refuse(
            ErrorReason.NotIdentified,
            protocol == DetectedProtocol.Tls
                ? "a TLS connection names no host, and this listener has no 'service' for such"
                : "a connection speaks neither HTTP nor TLS, and this listener has no 'service' for such"
        );
        return null;
    }

    private void Know(WireProtocol protocol)
    {
        _protocol = protocol;
        State.Connections.DownstreamKnown(protocol);
    }

    private void Refuse(ErrorReason reason, string message)
    {
        _isRefused = true;
        State.OnError(new ProxyError(reason, message), State.UnboundSlots, _listener, null, null);
    }

    private void OnTimer()
    {
        _isDue = true;
        Connection.WakeReader();
    }

    private sealed class OpeningTimer(DownstreamConnection connection) : LoopTimer
    {
        protected override void OnDue() => connection.OnTimer();
    }
}
