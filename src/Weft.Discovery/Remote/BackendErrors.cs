using System.Net.Sockets;

namespace Weft.Discovery;

/// <summary>What errors of a backend look like to people.</summary>
internal static class BackendErrors
{
    /// <summary>One sentence without a full stop; nothing in it changes from one attempt to the next.</summary>
    public static string Describe(Exception error) =>
        error switch
        {
            TimeoutException or OperationCanceledException => "no answer came in time",
            HttpRequestException { InnerException: SocketException socket } => Describe(socket),
            IOException { InnerException: SocketException socket } => Describe(socket),
            SocketException socket => $"it cannot be reached: {socket.SocketErrorCode}",
            EndOfStreamException => "the connection was closed",
            _ => error.Message.TrimEnd('.'),
        };
}
