using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Weft.Bench.Harness.Load;

/// <summary>
/// What goes over a TCP connection, as often as the client likes: so many bytes up, the first sixteen of which are these two numbers, then so many
/// bytes down.
/// </summary>
/// <param name="Up">At least <see cref="HeaderSize"/>.</param>
internal readonly record struct ByteExchange(long Up, long Down)
{
    public const int HeaderSize = 16;

    public static ByteExchange Read(ReadOnlySpan<byte> header) =>
        new(BinaryPrimitives.ReadInt64BigEndian(header), BinaryPrimitives.ReadInt64BigEndian(header[8..]));

    /// <summary>Whether a new connection is accepted and a byte comes back over it; anything else is a no.</summary>
    public static bool Succeeds(IPEndPoint address)
    {
        try
        {
            using var socket = SmallRequest.Connect(address);
            socket.ReceiveTimeout = 2_000;
            Span<byte> bytes = stackalloc byte[HeaderSize];
            new ByteExchange(HeaderSize, 1).Write(bytes);
            socket.Send(bytes);
            return socket.Receive(bytes) == 1;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Write(Span<byte> header)
    {
        BinaryPrimitives.WriteInt64BigEndian(header, Up);
        BinaryPrimitives.WriteInt64BigEndian(header[8..], Down);
    }
}
