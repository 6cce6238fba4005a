using Weft.Net;

namespace Weft.Http;

/// <summary>
/// One request and its response, as the side sees it that sent the request. Everything happens on the connection's loop. The head is sent
/// first; then the rest of the body may be sent while the response is read.
/// </summary>
public abstract class ClientExchange
{
    public abstract Connection Connection { get; }

    /// <summary>The head that was read last; valid until the next one is read or the exchange ends.</summary>
    public abstract ResponseHead Response { get; }

    public abstract BodySource ResponseBody { get; }

    /// <summary>
    /// Other requests went before this one on its connection: when it closes unanswered, it may have been closing before the request was sent.
    /// </summary>
    public abstract bool IsReused { get; }

    /// <summary>Why the present response was rejected.</summary>
    public abstract RejectReason Reason { get; }

    /// <summary>What the peer reset this exchange with, while its connection went on; null when it did not.</summary>
    public virtual Http2ErrorCode? ResetCode => null;

    /// <summary>
    /// Sends a request's head and a first piece of its body. Hop-by-hop fields must have been dropped. False when the request cannot be sent
    /// to its end; the response, if there is one, can still be read.
    /// </summary>
    public abstract LoopTask<bool> SendHeadAsync(
        RequestHead head,
        AddedFields added,
        BodyChunk first,
        TrailerFields? trailers
    );

    /// <summary>Sends a further piece of the request's body. False as with the head.</summary>
    public abstract LoopTask<bool> SendBodyAsync(BodyChunk chunk, TrailerFields? trailers);

    /// <summary>
    /// Reads the next head, which may be an interim one, as far as it has come: null when more has to come, and <see cref="WaitForHeadAsync"/> is next.
    /// </summary>
    public abstract ResponseOutcome? TryReadHead(RequestMethod method);

    /// <summary>Waits until <see cref="TryReadHead"/> is worth another try.</summary>
    public abstract LoopTask<bool> WaitForHeadAsync();

    /// <summary>Both, until there is an outcome; who calls them itself saves a suspension.</summary>
    public async LoopTask<ResponseOutcome> ReadHeadAsync(RequestMethod method)
    {
        while (true)
        {
            if (TryReadHead(method) is { } outcome)
            {
                return outcome;
            }

            await WaitForHeadAsync();
        }
    }

    /// <summary>
    /// Ends the exchange. True when both messages are complete and the connection can carry another one.
    /// </summary>
    public abstract bool EndExchange();

    /// <summary>
    /// Breaks the exchange off while others may still wait on it: their waits end, after the caller has returned to the loop.
    /// <see cref="Close"/> must follow when they have ended.
    /// </summary>
    public abstract void Abort();

    /// <summary>
    /// Gives up what the exchange holds: the connection when it carries this exchange only, otherwise its share of it. Only when nothing is being
    /// read from it or written from its memory any more.
    /// </summary>
    public abstract void Close();
}
