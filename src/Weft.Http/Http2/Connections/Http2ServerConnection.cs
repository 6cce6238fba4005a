using Weft.Net;

namespace Weft.Http;

/// <summary>The server's side of an HTTP/2 connection: the requests of all its streams are served at the same time, on its loop.</summary>
public sealed class Http2ServerConnection : Http2Connection, IServerConnection
{
    private readonly IServerHandler _handler;
    private readonly Stack<Http2ServerStream> _free = new();
    private int _lastStream;

    // Of the active streams, those that the client has reset and whose exchanges have not ended yet.
    private int _takenBack;
    private bool _draining;
    private bool _saidLast;

    /// <summary>Makes the connection; <see cref="Http2Connection.RunAsync"/> begins it.</summary>
    /// <param name="connection">A plaintext connection whose client knows that it is spoken to in HTTP/2 (RFC 9113 section 3.3), or one on which ALPN has said so.</param>
    /// <param name="handler">Serves the requests.</param>
    /// <param name="options">Bounds and times.</param>
    /// <param name="received">What was read of the connection to find out that it is HTTP/2: the preface or its beginning.</param>
    public Http2ServerConnection(
        Connection connection,
        IServerHandler handler,
        Http2Options options,
        ReadOnlySpan<byte> received = default
    )
        : base(connection, options)
    {
        _handler = handler;
        PrefaceLeft = PrefaceLength;
        Unread(received);
    }

    /// <summary>The bytes that a connection begins with that speaks HTTP/2 without having asked.</summary>
    public static ReadOnlySpan<byte> PriorKnowledge => ClientPreface;

    /// <summary>Streams that were begun, refused ones included.</summary>
    public long Requests { get; private set; }

    private protected override bool IsServer => true;

    private protected override int LastPeerStream => _lastStream;

    private protected override Http2EndReason EndOfStream => Http2EndReason.PeerClosed;

    /// <summary>
    /// Lets the connection end: says so at once, takes what is on its way for a moment, then ends when the last request has (RFC 9113 section 6.8).
    /// </summary>
    public void Drain()
    {
        if (_draining || IsEnding)
        {
            return;
        }

        _draining = true;
        WriteGoAway(int.MaxValue, Http2ErrorCode.NoError);
        SendPing(Options.PingTimeoutMilliseconds);
        SetGoAway(Options.DrainGraceMilliseconds);
    }

    /// <summary>
    /// A stream that the client has reset does not count any more (RFC 9113 section 5.1.2), and its next one may come with the same bytes; but what is
    /// still being done for such has a bound too.
    /// </summary>
    private bool IsFull =>
        ActiveStreams - _takenBack >= Options.MaxConcurrentStreams || ActiveStreams >= 2 * Options.MaxConcurrentStreams;

    internal void Start(Http2ServerStream exchange) => exchange.Run(_handler);

    /// <summary>The handler is done with an exchange.</summary>
    internal void EndExchange(Http2ServerStream exchange)
    {
        var stream = exchange.Core;
        var end = StreamEnd.Ended;
        _takenBack -= stream.ResetCode is null ? 0 : 1;
        if (stream.State.IsReset)
        {
            end = stream.ResetCode is null ? StreamEnd.ResetHere : StreamEnd.ResetByPeer;
        }
        else if (!stream.State.IsClosed)
        {
            // What was not answered is aborted; what was answered before it was whole need not come any more (RFC 9113 section 8.1).
            end = StreamEnd.ResetHere;
            SendReset(stream.Id, stream.State.IsLocalEnded ? Http2ErrorCode.NoError : Http2ErrorCode.InternalError);
            stream.OnResetHere();
        }

        Recycle(exchange, end);
        OnExchangeEnded();
    }

    private protected override Http2Fault OnHeaders(
        int streamId,
        bool endStream,
        ReadOnlySpan<byte> block,
        bool dependsOnItself
    )
    {
        if (Streams.Find(streamId) is { } stream)
        {
            return OnTrailers(stream, endStream, block);
        }

        if ((streamId & 1) == 0)
        {
            return Http2Fault.Connection(Http2ErrorCode.ProtocolError);
        }

        if (streamId <= _lastStream)
        {
            return !Skip(block)
                ? Http2Fault.Connection(Http2ErrorCode.CompressionError)
                : EndOf(streamId) switch
                {
                    StreamEnd.ResetHere => TooMuch(),
                    StreamEnd.ResetByPeer => Http2Fault.Stream(Http2ErrorCode.StreamClosed),
                    StreamEnd.Ended => Http2Fault.Connection(Http2ErrorCode.StreamClosed),
                    _ => Http2Fault.Connection(Http2ErrorCode.ProtocolError),
                };
        }

        if (_saidLast)
        {
            // The client has not seen our GOAWAY yet, which says that this one was not looked at.
            return Skip(block) ? TooMuch() : Http2Fault.Connection(Http2ErrorCode.CompressionError);
        }

        _lastStream = streamId;
        Requests++;
        if (IsFull || dependsOnItself)
        {
            return Refuse(
                streamId,
                block,
                dependsOnItself ? Http2ErrorCode.ProtocolError : Http2ErrorCode.RefusedStream
            );
        }

        return Open(streamId, endStream, block);
    }

    private protected override Http2Fault OnPeerReset(Http2Stream stream, Http2ErrorCode code)
    {
        var fault = stream.State.IsLocalEnded ? Http2Fault.None : OnTakenBack(stream);
        _takenBack += stream.ResetCode is null ? 1 : 0;
        stream.OnReset(code);
        QueueWake(stream);
        return fault;
    }

    // A client has nothing to go away from: it may say so, and closes when it wants to.
    private protected override void OnGoAway(int lastStream, Http2ErrorCode code) { }

    private protected override void OnSettings() { }

    private protected override bool IsUnused(int streamId) => streamId > _lastStream || (streamId & 1) == 0;

    private protected override void OnIdle() => EndDrain();

    private protected override void OnOutputDrained() => EndDrain();

    private protected override void OnQuiet()
    {
        _free.Clear();
        _free.TrimExcess();
    }

    private protected override void OnEnding() { }

    private protected override void OnOver() => _handler.OnClosed(this);

    private protected override void OnPong() => SayLast();

    private protected override void OnGoAwayDue() => SayLast();

    private void SayLast()
    {
        if (_draining && !_saidLast)
        {
            _saidLast = true;
            WriteGoAway(_lastStream, Http2ErrorCode.NoError);
        }
    }

    private void EndDrain()
    {
        if (_saidLast && ActiveStreams == 0 && Output.IsEmpty && !IsEnding)
        {
            Finish(Http2EndReason.Drained);
        }
    }

    private Http2Fault Open(int streamId, bool endStream, ReadOnlySpan<byte> block)
    {
        var exchange = _free.TryPop(out var free) ? free : new Http2ServerStream(this);
        var head = exchange.Request;
        head.Reset();
        var sink = new RequestSink(head, Loop.Buffers, Options.Limits, Options.EnableConnectProtocol);
        if (!Decoder.Decode(block, Loop.Scratch, ref sink))
        {
            HeadBytes.Return(head, Loop.Buffers);
            return Http2Fault.Connection(Http2ErrorCode.CompressionError);
        }

        exchange.Core.Begin(streamId, Peer.InitialWindowSize, Options.StreamWindow);
        Streams.Add(exchange.Core);
        var reason = sink.End(endStream);
        exchange.Core.ExpectBody(head.ContentLength, endStream);
        if (reason != RejectReason.None)
        {
            Reject(exchange, reason, sink.IsMalformed);
            return TooMuch();
        }

        OnOpenedByPeer();
        ActiveStreams++;
        exchange.Begin();
        QueueWake(exchange.Core);
        return Http2Fault.None;
    }

    private Http2Fault OnTrailers(Http2Stream stream, bool endStream, ReadOnlySpan<byte> block)
    {
        var fault = stream.State.Receive();
        if (!fault.IsNone || !endStream)
        {
            return !Skip(block) ? Http2Fault.Connection(Http2ErrorCode.CompressionError)
                : stream.State.IsReset && stream.ResetCode is null ? TooMuch()
                : !fault.IsNone ? fault
                : Http2Fault.Stream(Http2ErrorCode.ProtocolError);
        }

        var sink = stream.BeginTrailers();
        if (!Decoder.Decode(block, Loop.Scratch, ref sink))
        {
            return Http2Fault.Connection(Http2ErrorCode.CompressionError);
        }

        fault = stream.OnTrailers(sink.Reason);
        QueueWake(stream);
        return fault;
    }

    /// <summary>Answers a request that is not to be served, or resets it when it is malformed (RFC 9113 section 8.1.1).</summary>
    private void Reject(Http2ServerStream exchange, RejectReason reason, bool isMalformed)
    {
        var stream = exchange.Core;
        var response = _handler.OnRejected(exchange, reason);
        var isAnswered = !isMalformed && exchange.TryAnswer(response);
        var end = StreamEnd.Ended;
        if (!stream.State.IsClosed)
        {
            end = StreamEnd.ResetHere;
            SendReset(
                stream.Id,
                isMalformed ? Http2ErrorCode.ProtocolError
                    : isAnswered ? Http2ErrorCode.NoError
                    : Http2ErrorCode.EnhanceYourCalm
            );
            stream.OnResetHere();
        }

        Recycle(exchange, end);
    }

    private Http2Fault Refuse(int streamId, ReadOnlySpan<byte> block, Http2ErrorCode code)
    {
        if (!Skip(block))
        {
            return Http2Fault.Connection(Http2ErrorCode.CompressionError);
        }

        MarkReset(streamId);
        SendReset(streamId, code);
        return TooMuch();
    }

    private bool Skip(ReadOnlySpan<byte> block)
    {
        var sink = default(NoSink);
        return Decoder.Decode(block, Loop.Scratch, ref sink);
    }

    private void Recycle(Http2ServerStream exchange, StreamEnd end)
    {
        Forget(exchange.Core, end);
        HeadBytes.Return(exchange.Request, Loop.Buffers);
        _free.Push(exchange);
    }
}
