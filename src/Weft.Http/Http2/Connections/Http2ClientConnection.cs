using Weft.Net;

namespace Weft.Http;

/// <summary>Is told when a client connection can take streams, or will take none any more.</summary>
public interface IHttp2ClientWatcher
{
    /// <summary>A stream has ended, or the server allows more of them.</summary>
    void OnAvailable(Http2ClientConnection connection);

    /// <summary>No new stream can be begun: the server said GOAWAY, or the connection is ending.</summary>
    void OnUnusable(Http2ClientConnection connection);
}

/// <summary>The client's side of an HTTP/2 connection.</summary>
public sealed class Http2ClientConnection : Http2Connection
{
    private readonly Stack<Http2ClientStream> _free = new();
    private readonly List<Http2ClientStream> _untilSettings = [];
    private int _nextStream = 1;
    private bool _gotSettings;
    private bool _goingAway;
    private bool _retired;

    /// <summary>Makes the connection; <see cref="Http2Connection.RunAsync"/> begins it, and must be running before a stream is opened.</summary>
    public Http2ClientConnection(Connection connection, Http2Options options)
        : base(connection, options) { }

    /// <summary>Who is told of changes; inline, so it must not end exchanges.</summary>
    public IHttp2ClientWatcher? Watcher { get; set; }

    /// <summary>How many streams are begun at once before the server has said how many it allows; 100 unless something better is known of it.</summary>
    public int AssumedStreams { get; init; } = 100;

    /// <summary>The server has said how many streams it allows.</summary>
    public bool HasSettings => _gotSettings;

    /// <summary>Requests that were begun on this connection.</summary>
    public long Requests { get; private set; }

    /// <summary>How many streams the server allows at once.</summary>
    public int MaxStreams =>
        (int)
            Math.Min(
                (uint)Options.MaxConcurrentStreams,
                _gotSettings ? Peer.MaxConcurrentStreams : (uint)AssumedStreams
            );

    /// <summary>New streams can be begun, now or when others have ended.</summary>
    public bool IsUsable => !_goingAway && !_retired && !IsEnding && _nextStream < int.MaxValue - 2;

    /// <summary>What the server has accused this side of with its GOAWAY; null when it sent none, or one without a reason.</summary>
    public Http2ErrorCode? Accusation { get; private set; }

    /// <summary>A stream can be begun now.</summary>
    public bool HasCapacity => IsUsable && ActiveStreams < MaxStreams;

    /// <summary>The server takes extended CONNECT (RFC 8441). False until it has said so.</summary>
    public bool TakesExtendedConnect => Peer.EnableConnectProtocol;

    private protected override bool IsServer => false;

    private protected override int LastPeerStream => 0;

    private protected override Http2EndReason EndOfStream =>
        _goingAway ? Http2EndReason.PeerGoAway : Http2EndReason.PeerClosed;

    /// <summary>Takes a stream for one exchange, which must be closed; null when the connection has none to give.</summary>
    public Http2ClientStream? TryOpenStream()
    {
        if (!HasCapacity)
        {
            return null;
        }

        ActiveStreams++;
        var exchange = _free.TryPop(out var free) ? free : new Http2ClientStream(this);
        exchange.Begin();
        return exchange;
    }

    /// <summary>Begins no more streams and ends with the last of those that are under way.</summary>
    public void Retire()
    {
        if (_retired)
        {
            return;
        }

        _retired = true;
        EndWhenDone();
    }

    /// <summary>Wakes an exchange when the server has said what it takes, or will not any more.</summary>
    internal void WakeWithSettings(Http2ClientStream exchange) => _untilSettings.Add(exchange);

    /// <summary>Gives a request's stream its number and sends the head; false when nothing was sent.</summary>
    internal bool TryBegin(Http2ClientStream exchange, RequestHead head, AddedFields added, bool endStream)
    {
        if (IsEnding || _goingAway || _nextStream >= int.MaxValue - 2)
        {
            return false;
        }

        if (!TryWriteHead(_nextStream, head, added, endStream))
        {
            return false;
        }

        Requests++;
        exchange.Core.Begin(_nextStream, Peer.InitialWindowSize, Options.StreamWindow);
        _nextStream += 2;
        Streams.Add(exchange.Core);
        if (endStream)
        {
            exchange.Core.State.SendEnd();
        }

        return true;
    }

    /// <summary>The exchange is over.</summary>
    internal void EndExchange(Http2ClientStream exchange)
    {
        var stream = exchange.Core;
        if (stream.Id != 0)
        {
            var end = StreamEnd.Ended;
            if (stream.State.IsReset)
            {
                end = stream.ResetCode is null ? StreamEnd.ResetHere : StreamEnd.ResetByPeer;
            }
            else if (!stream.State.IsClosed)
            {
                end = StreamEnd.ResetHere;
                SendReset(stream.Id, Http2ErrorCode.Cancel);
                stream.OnResetHere();
            }

            Forget(stream, end);
        }

        _free.Push(exchange);
        OnExchangeEnded();
        if (IsUsable)
        {
            Watcher?.OnAvailable(this);
        }
    }

    private protected override Http2Fault OnHeaders(
        int streamId,
        bool endStream,
        ReadOnlySpan<byte> block,
        bool dependsOnItself
    )
    {
        var stream = Streams.Find(streamId);
        var fault = stream is null ? Late(streamId) : stream.State.Receive();
        if (stream is null || !fault.IsNone)
        {
            var none = default(NoSink);
            return !Decoder.Decode(block, Loop.Scratch, ref none)
                    ? Http2Fault.Connection(Http2ErrorCode.CompressionError)
                : stream is not null && stream.State.IsReset ? TooMuch()
                : fault;
        }

        var exchange = (Http2ClientStream)stream.Owner;
        fault = exchange.HasFinalHead ? OnTrailers(stream, endStream, block) : OnHead(exchange, endStream, block);
        QueueWake(stream);
        return fault;
    }

    private protected override Http2Fault OnPeerReset(Http2Stream stream, Http2ErrorCode code)
    {
        stream.OnReset(code);
        QueueWake(stream);
        return Http2Fault.None;
    }

    private protected override void OnGoAway(int lastStream, Http2ErrorCode code)
    {
        var was = IsUsable;
        _goingAway = true;
        Accusation = code == Http2ErrorCode.NoError ? Accusation : code;
        foreach (var stream in Streams.Slots)
        {
            if (stream is not null && stream.Id > lastStream && !stream.State.IsReset)
            {
                stream.OnReset(Http2ErrorCode.RefusedStream);
                QueueWake(stream);
            }
        }

        if (was)
        {
            Watcher?.OnUnusable(this);
        }

        EndWhenDone();
    }

    private protected override void OnSettings()
    {
        _gotSettings = true;
        WakeWaiting();
        if (HasCapacity)
        {
            Watcher?.OnAvailable(this);
        }
    }

    private protected override bool IsUnused(int streamId) => streamId >= _nextStream || (streamId & 1) == 0;

    private protected override void OnIdle() => EndWhenDone();

    private protected override void OnQuiet()
    {
        _free.Clear();
        _free.TrimExcess();
    }

    private protected override void OnEnding()
    {
        WakeWaiting();
        Watcher?.OnUnusable(this);
    }

    private protected override void OnOver() { }

    private protected override void WritePreface() => WriteRaw(ClientPreface);

    private Http2Fault OnHead(Http2ClientStream exchange, bool endStream, ReadOnlySpan<byte> block)
    {
        var head = exchange.NewHead();
        var sink = new ResponseSink(head, Loop.Buffers, Options.Limits);
        if (!Decoder.Decode(block, Loop.Scratch, ref sink))
        {
            exchange.Drop(head);
            return Http2Fault.Connection(Http2ErrorCode.CompressionError);
        }

        OnAnswered();
        return exchange.OnHead(head, sink.End(exchange.Method, endStream), endStream);
    }

    private Http2Fault OnTrailers(Http2Stream stream, bool endStream, ReadOnlySpan<byte> block)
    {
        var sink = stream.BeginTrailers();
        if (!Decoder.Decode(block, Loop.Scratch, ref sink))
        {
            return Http2Fault.Connection(Http2ErrorCode.CompressionError);
        }

        return endStream ? stream.OnTrailers(sink.Reason) : Http2Fault.Stream(Http2ErrorCode.ProtocolError);
    }

    private Http2Fault Late(int streamId) =>
        IsUnused(streamId) ? Http2Fault.Connection(Http2ErrorCode.ProtocolError)
        : EndOf(streamId) is StreamEnd.ResetHere or StreamEnd.Unknown ? TooMuch()
        : Http2Fault.Stream(Http2ErrorCode.StreamClosed);

    private void WakeWaiting()
    {
        foreach (var exchange in _untilSettings)
        {
            QueueWake(exchange.Core);
        }

        _untilSettings.Clear();
    }

    private void EndWhenDone()
    {
        if (ActiveStreams == 0 && !IsEnding && (_goingAway || _retired))
        {
            Close(_goingAway ? Http2EndReason.PeerGoAway : Http2EndReason.Drained);
        }
    }
}
