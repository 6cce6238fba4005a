using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Weft.Discovery;

/// <summary>Asks over the network. Every question has a socket, hence a port, of its own, which a forger would have to guess (RFC 5452).</summary>
internal sealed class DnsSockets : IDnsTransport
{
    public async Task ExchangeAsync(
        IPEndPoint server,
        ReadOnlyMemory<byte> question,
        bool overTcp,
        Func<ReadOnlyMemory<byte>, bool> isAnswer,
        CancellationToken stop
    )
    {
        using var socket = overTcp
            ? new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        // A connected datagram socket hears nobody else, and hears of a port that is closed.
        await socket.ConnectAsync(server, stop);
        if (overTcp)
        {
            await ExchangeStreamAsync(socket, question, isAnswer, stop);
            return;
        }
        await socket.SendAsync(question, stop);
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer.AsMemory(), stop);
            if (isAnswer(buffer.AsMemory(0, length)))
            {
                return;
            }
        }
    }

    private static async Task ExchangeStreamAsync(
        Socket socket,
        ReadOnlyMemory<byte> question,
        Func<ReadOnlyMemory<byte>, bool> isAnswer,
        CancellationToken stop
    )
    {
        await using var stream = new NetworkStream(socket);
        var framed = new byte[2 + question.Length];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)question.Length);
        question.CopyTo(framed.AsMemory(2));
        await stream.WriteAsync(framed, stop);
        var size = new byte[2];
        while (true)
        {
            await stream.ReadExactlyAsync(size, stop);
            var message = new byte[BinaryPrimitives.ReadUInt16BigEndian(size)];
            await stream.ReadExactlyAsync(message, stop);
            if (isAnswer(message))
            {
                return;
            }
        }
    }
}
