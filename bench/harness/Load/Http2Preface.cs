using System.Net;
using System.Net.Sockets;

namespace Weft.Bench.Harness.Load;

/// <summary>The beginning of an HTTP/2 connection (RFC 9113 section 3.4).</summary>
internal static class Http2Preface
{
    private const byte Settings = 4;

    /// <summary>The client's first bytes; SETTINGS come next.</summary>
    public static ReadOnlySpan<byte> Magic => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    private static ReadOnlySpan<byte> EmptySettings => [0, 0, 0, Settings, 0, 0, 0, 0, 0];

    /// <summary>Whether a new connection is accepted and answered with SETTINGS; anything else is a no.</summary>
    public static bool IsAnswered(IPEndPoint address)
    {
        try
        {
            using var socket = SmallRequest.Connect(address);
            socket.ReceiveTimeout = 2_000;
            socket.Send([.. Magic, .. EmptySettings]);
            Span<byte> header = stackalloc byte[9];
            for (var filled = 0; filled < header.Length; )
            {
                var read = socket.Receive(header[filled..]);
                if (read == 0)
                    return false;
                filled += read;
            }
            return header[3] == Settings;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
