using System.Text;
using Weft.Net;

namespace Weft.Http;

/// <summary>The client's side of an HTTP/1.1 connection: one request at a time, reused as long as both sides are in step.</summary>
public sealed class Http1ClientConnection : ClientExchange
{
    private static readonly FieldBlock s_chunked = new(("transfer-encoding", "chunked"));

    // A server may send a few interim responses; one that sends them without end is hostile or broken.
    private const int MaxInterim = 16;

    private readonly ReceiveBuffer _input;
    private readonly Http1ResponseParser _parser;
    private readonly Http1BodyReader _body;
    private readonly int _maxHeadBytes;
    private UpgradeOffer? _offer;
    private bool _asksForTunnel;
    private bool _isTunnel;
    private bool _chunkedRequest;
    private bool _requestEnded;
    private bool _answered;
    private RejectReason _refusal;
    private int _interim;

    public Http1ClientConnection(Connection connection, HeadLimits limits)
    {
        Connection = connection;
        _maxHeadBytes = limits.MaxBytes;
        _input = new ReceiveBuffer(connection);
        _parser = new Http1ResponseParser(limits);
        _body = new Http1BodyReader(_input);
    }

    public override Connection Connection { get; }

    public override ResponseHead Response { get; } = new();

    public override BodySource ResponseBody => _body;

    /// <summary>Requests that were begun on this connection.</summary>
    public long Requests { get; private set; }

    public override bool IsReused => Requests > 1;

    public override RejectReason Reason => _refusal == RejectReason.None ? _parser.Reason : _refusal;

    public override LoopTask<bool> SendHeadAsync(
        RequestHead head,
        AddedFields added,
        BodyChunk first,
        TrailerFields? trailers
    )
    {
        Requests++;
        _interim = 0;
        _answered = false;
        _isTunnel = false;
        _asksForTunnel = head.IsTunnel;
        _offer = UpgradeOffer.Of(head);
        _chunkedRequest = head.Body == BodyKind.Chunked && !head.IsTunnel;
        first = head.IsTunnel ? BodyChunk.None : first;
        _requestEnded = first.IsLast;
        var length = WriteHead(Connection.Loop.Scratch, head, added);
        if (length >= 0)
        {
            return MessageWriter.SendHeadAsync(Connection, length, first, _chunkedRequest, trailers);
        }

        var large = Connection.Loop.Buffers.Rent(BufferPool.MaxSize);
        length = WriteHead(large, head, added);
        return MessageWriter.SendLargeHeadAsync(Connection, large, length, first, _chunkedRequest, trailers);
    }

    public override LoopTask<bool> SendBodyAsync(BodyChunk chunk, TrailerFields? trailers)
    {
        if (_asksForTunnel && !_isTunnel)
        {
            return new LoopTask<bool>(result: false); // The server would take it for its next request.
        }

        _requestEnded = chunk.IsLast;
        if (_isTunnel)
        {
            return MessageWriter.SendRawAsync(Connection, chunk);
        }

        return MessageWriter.SendBodyAsync(Connection, chunk, _chunkedRequest, trailers);
    }

    public override ResponseOutcome? TryReadHead(RequestMethod method)
    {
        _input.Release();
        while (true)
        {
            if (_input.Available > 0)
            {
                var status = _parser.Parse(_input.Array, _input.Start, _input.End, Response, method);
                if (status == ParseStatus.Complete)
                {
                    return AcceptHead();
                }

                if (status == ParseStatus.Rejected)
                {
                    return ResponseOutcome.Malformed;
                }
            }

            var n = _input.TryFillHead(_maxHeadBytes);
            if (n == Connection.WouldBlock)
            {
                return null;
            }

            if (n <= 0)
            {
                return _input.Available == 0 && _interim == 0
                    ? ResponseOutcome.ClosedUnanswered
                    : ResponseOutcome.ClosedMidway;
            }
        }
    }

    public override LoopTask<bool> WaitForHeadAsync() => _input.WaitAsync();

    /// <summary>
    /// Ends the exchange. True when the connection can carry another one: both messages are complete, both sides want to go on, and nothing
    /// has arrived that nobody asked for.
    /// </summary>
    public override bool EndExchange()
    {
        _input.Release();
        var reusable =
            _requestEnded
            && _answered
            && ResponseBody.IsComplete
            && Response.KeepAlive
            && Response.Body != BodyKind.UntilClose
            && _input.Available == 0
            && !Connection.IsClosed
            && !Connection.HasArrived;
        if (reusable)
        {
            _input.Clear();
        }

        return reusable;
    }

    public override void Abort() => Connection.Abort();

    public override void Close()
    {
        if (_isTunnel && _requestEnded && ResponseBody.IsComplete)
        {
            Connection.Close(); // Both sides have ended: what the kernel still has is to arrive.
        }
        else
        {
            Connection.Abort();
        }

        _input.Clear();
    }

    /// <summary>The length of the head; -1 when it does not fit or cannot be written.</summary>
    private int WriteHead(Span<byte> destination, RequestHead head, AddedFields added)
    {
        var writer = new HeadWriter(destination);
        writer.RequestLine(head);
        writer.Fields(head);
        if (head.Find(KnownHeader.Host) < 0)
        {
            // It came as HTTP/1.0 and goes on as HTTP/1.1, which asks for one (RFC 9112 section 3.2). A request that names no host means
            // whom it is sent to.
            writer.Field(
                KnownHeader.Host,
                head.Authority.IsEmpty ? Encoding.ASCII.GetBytes($"{Connection.RemoteEndPoint}") : head.Authority
            );
        }

        added.WriteTo(ref writer);
        _offer?.WriteTo(ref writer);
        if (_chunkedRequest)
        {
            writer.Raw(s_chunked.Lines);
        }

        writer.End();
        return writer.Failed ? -1 : writer.Written;
    }

    private ResponseOutcome AcceptHead()
    {
        _input.Consume(_parser.Consumed);
        if (Response.SwitchesProtocol)
        {
            return Switch();
        }

        if (Response.IsInterim)
        {
            return ++_interim > MaxInterim ? Refuse(RejectReason.TooManyInterimResponses) : ResponseOutcome.Head;
        }

        if (_offer is { IsTranslated: true } && Response.Status is >= 200 and < 300)
        {
            return Refuse(RejectReason.ProtocolNotSwitched);
        }

        _answered = true;
        _input.Retain();
        _body.Begin(Response);
        return ResponseOutcome.Head;
    }

    /// <summary>The connection is a tunnel from here on, if that was asked for: a 101 to something else is as good as a reset.</summary>
    private ResponseOutcome Switch()
    {
        var isAsked = Response.Status == 101 ? _offer is not null && _offer.IsAcceptedBy(Response) : _asksForTunnel;
        if (!isAsked)
        {
            return Refuse(RejectReason.UnexpectedProtocolSwitch);
        }

        _isTunnel = true;
        _answered = true;
        _input.Retain();
        _body.BeginTunnel();
        return ResponseOutcome.Head;
    }

    private ResponseOutcome Refuse(RejectReason reason)
    {
        _refusal = reason;
        return ResponseOutcome.Malformed;
    }
}
