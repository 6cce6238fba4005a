using Weft.Net;

namespace Weft.Http;

/// <summary>One request and its response, as the side sees it that received the request. Everything happens on the connection's loop.</summary>
public abstract class ServerExchange
{
    /// <summary>Who is told when the client is gone while the request is being served; set by the handler, forgotten at the end.</summary>
    public IClientLossWatcher? LossWatcher { get; set; }

    /// <summary>What the handler remembers with this exchange. Exchanges are used for one request after the other, and it stays.</summary>
    public object? Tag { get; set; }

    public abstract Connection Connection { get; }

    /// <summary>The request's head, in canonical form; valid until the exchange ends.</summary>
    public abstract RequestHead Request { get; }

    public abstract BodySource RequestBody { get; }

    /// <summary>The final response's head has been sent, so that nothing else can be answered any more.</summary>
    public abstract bool ResponseStarted { get; }

    /// <summary>The response was sent to its end.</summary>
    public abstract bool ResponseEnded { get; }

    /// <summary>A request of its own can be reset, and the client's others go on.</summary>
    public bool CanReset => Request.Version == ProtocolVersion.Http2;

    /// <summary>Passes on a 1xx response; does nothing for a client of HTTP/1.0, which would not understand it.</summary>
    public abstract LoopTask<bool> SendInterimAsync(ResponseHead head);

    /// <summary>
    /// Sends the final response's head and a first piece of its body. Hop-by-hop fields of <paramref name="head"/> are left out; the framing
    /// towards this client is chosen here. False when the client is gone.
    /// </summary>
    public abstract LoopTask<bool> SendHeadAsync(
        ResponseHead head,
        AddedFields added,
        BodyChunk first,
        TrailerFields? trailers
    );

    /// <summary>Sends a further piece of the body. False when the client is gone.</summary>
    public abstract LoopTask<bool> SendBodyAsync(BodyChunk chunk, TrailerFields? trailers);

    /// <summary>
    /// Answers with a response made here: <paramref name="fields"/> must hold Content-Type, and neither Content-Length nor Connection.
    /// </summary>
    public abstract LoopTask<bool> RespondAsync(int status, FieldBlock fields, ReadOnlyMemory<byte> body);

    /// <summary>Ends the exchange so that the client learns that the response is not complete.</summary>
    public abstract void Abort();

    /// <summary>The same, and says why where the protocol can: a stream is reset with this code.</summary>
    public virtual void Reset(Http2ErrorCode code) => Abort();
}

/// <summary>Is told that nobody waits for the response any more.</summary>
public interface IClientLossWatcher
{
    /// <summary>The client's connection is gone in both directions.</summary>
    void OnClientLost();
}
