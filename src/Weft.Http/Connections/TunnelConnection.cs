using Weft.Net;

namespace Weft.Http;

/// <summary>
/// The exchange of a CONNECT that ends here: a connection to where it leads, which was opened already. Nothing is sent to the other end, the answer is a 200 made
/// here (RFC 9110 section 9.3.6), and from then on bytes go as they come.
/// </summary>
public sealed class TunnelConnection : ClientExchange
{
    private readonly ReceiveBuffer _input;
    private readonly Http1BodyReader _body;
    private bool _requestEnded;

    public TunnelConnection(Connection connection)
    {
        Connection = connection;
        _input = new ReceiveBuffer(connection);
        _body = new Http1BodyReader(_input);
        _body.BeginTunnel();
        Response = new ResponseHead { Status = 200, SwitchesProtocol = true };
    }

    public override Connection Connection { get; }

    public override ResponseHead Response { get; }

    public override BodySource ResponseBody => _body;

    public override bool IsReused => false;

    public override RejectReason Reason => RejectReason.None;

    public override LoopTask<bool> SendHeadAsync(
        RequestHead head,
        AddedFields added,
        BodyChunk first,
        TrailerFields? trailers
    ) => new(result: true);

    public override LoopTask<bool> SendBodyAsync(BodyChunk chunk, TrailerFields? trailers)
    {
        _requestEnded = chunk.IsLast;
        return MessageWriter.SendRawAsync(Connection, chunk);
    }

    public override ResponseOutcome? TryReadHead(RequestMethod method) => ResponseOutcome.Head;

    public override LoopTask<bool> WaitForHeadAsync() => new(result: true);

    public override bool EndExchange() => false;

    public override void Abort() => Connection.Abort();

    public override void Close()
    {
        if (_requestEnded && ResponseBody.IsComplete)
        {
            Connection.Close(); // Both sides have ended: what the kernel still has is to arrive.
        }
        else
        {
            Connection.Abort();
        }

        _input.Clear();
    }
}
