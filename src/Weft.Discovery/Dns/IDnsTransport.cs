using System.Net;

namespace Weft.Discovery;

/// <summary>Carries questions to servers and answers back.</summary>
internal interface IDnsTransport
{
    /// <summary>
    /// Sends a question and gives every message that comes back to <paramref name="isAnswer"/> until that says that it is the answer.
    /// </summary>
    /// <param name="server">Whom to ask.</param>
    /// <param name="question">The message.</param>
    /// <param name="overTcp">Over a stream, in which no answer is cut (RFC 7766).</param>
    /// <param name="isAnswer">Whether a message is the answer; may throw to give up.</param>
    /// <param name="stop">Ends the waiting.</param>
    Task ExchangeAsync(
        IPEndPoint server,
        ReadOnlyMemory<byte> question,
        bool overTcp,
        Func<ReadOnlyMemory<byte>, bool> isAnswer,
        CancellationToken stop
    );
}
