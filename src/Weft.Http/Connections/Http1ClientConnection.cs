using System.Runtime.CompilerServices;
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
    private bool _chunkedRequest;
    private bool _requestEnded;
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

    public override RejectReason Reason => _parser.Reason;

    public override ValueTask<bool> SendHeadAsync(
        RequestHead head,
        AddedFields added,
        BodyChunk first,
        TrailerFields? trailers
    )
    {
        Requests++;
        _interim = 0;
        _chunkedRequest = head.Body == BodyKind.Chunked;
        if (_chunkedRequest)
        {
            added.Add(s_chunked);
        }

        var writer = new HeadWriter(Connection.Loop.Scratch);
        writer.RequestLine(head);
        writer.Fields(head);
        added.WriteTo(ref writer);
        writer.End();
        _requestEnded = first.IsLast;
        return writer.Failed
            ? new ValueTask<bool>(result: false)
            : MessageWriter.SendHeadAsync(Connection, writer.Written, first, _chunkedRequest, trailers);
    }

    public override ValueTask<bool> SendBodyAsync(BodyChunk chunk, TrailerFields? trailers)
    {
        _requestEnded = chunk.IsLast;
        return MessageWriter.SendBodyAsync(Connection, chunk, _chunkedRequest, trailers);
    }

    [AsyncMethodBuilder(typeof(LoopAsyncMethodBuilder<>))]
    public override async ValueTask<ResponseOutcome> ReadHeadAsync(RequestMethod method)
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

            if (await _input.FillHeadAsync(_maxHeadBytes) <= 0)
            {
                return _input.Available == 0 && _interim == 0
                    ? ResponseOutcome.ClosedUnanswered
                    : ResponseOutcome.ClosedMidway;
            }
        }
    }

    /// <summary>
    /// Ends the exchange. True when the connection can carry another one: both messages are complete, both sides want to go on, and nothing
    /// has arrived that nobody asked for.
    /// </summary>
    public override bool EndExchange()
    {
        _input.Release();
        var reusable =
            _requestEnded
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
        Connection.Abort();
        _input.Clear();
    }

    private ResponseOutcome AcceptHead()
    {
        _input.Consume(_parser.Consumed);
        if (Response.SwitchesProtocol)
        {
            // No upgrade was asked for: hop-by-hop fields do not pass.
            return ResponseOutcome.Malformed;
        }

        if (Response.IsInterim)
        {
            return ++_interim > MaxInterim ? ResponseOutcome.Malformed : ResponseOutcome.Head;
        }

        _input.Retain();
        _body.Begin(Response);
        return ResponseOutcome.Head;
    }
}
