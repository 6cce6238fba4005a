using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weft.EndToEnd.Harness;

/// <summary>Changes nodes of a real ZooKeeper, over a connection and a session for each change.</summary>
internal static class ZooKeeperWriter
{
    private const int CreateOperation = 1;
    private const int DeleteOperation = 2;
    private const int CloseOperation = -11;
    private const int NodeExists = -110;
    private const int AllRights = 31;

    /// <summary>Listening is not answering: whoever comes while a server still reads its disk is turned away, or left without a word.</summary>
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(1);

    /// <summary>Whether a session is begun at once.</summary>
    public static async Task<bool> IsAnswered(IPEndPoint server)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(server);
            await using var stream = client.GetStream();
            await Begin(stream, AnswerTime);
            await Send(stream, [.. Int(1), .. Int(CloseOperation)]);
            return true;
        }
        catch (Exception error) when (error is SocketException or IOException or TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Creates a node, and those that lead to it.</summary>
    public static async Task Set(IPEndPoint server, string path, string data)
    {
        for (var slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
            await Create(server, path[..slash], "");
        await Create(server, path, data);
    }

    public static async Task Delete(IPEndPoint server, string path) =>
        Assert.Equal(0, await Ask(server, [.. Int(1), .. Int(DeleteOperation), .. Text(path), .. Int(-1)]));

    private static async Task Create(IPEndPoint server, string path, string data) =>
        Assert.Contains(
            await Ask(
                server,
                [
                    .. Int(1),
                    .. Int(CreateOperation),
                    .. Text(path),
                    .. Text(data),
                    .. Int(1),
                    .. Int(AllRights),
                    .. Text("world"),
                    .. Text("anyone"),
                    .. Int(0),
                ]
            ),
            new[] { 0, NodeExists }
        );

    /// <summary>One request in a session of its own; the error's code of the reply.</summary>
    private static async Task<int> Ask(IPEndPoint server, byte[] request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server);
        await using var stream = client.GetStream();
        await Begin(stream);
        await Send(stream, request);
        var reply = await Read(stream);
        await Send(stream, [.. Int(2), .. Int(CloseOperation)]);
        return BinaryPrimitives.ReadInt32BigEndian(reply.AsSpan(12));
    }

    private static async Task Begin(NetworkStream stream, TimeSpan? patience = null)
    {
        // Version, last change seen, the session's time in ms, its number and password: none yet.
        await Send(stream, [.. Int(0), .. new byte[8], .. Int(5000), .. new byte[8], .. Int(16), .. new byte[16]]);
        await Read(stream, patience);
    }

    private static ValueTask Send(NetworkStream stream, byte[] body) =>
        stream.WriteAsync((byte[])[.. Int(body.Length), .. body]);

    private static async Task<byte[]> Read(NetworkStream stream, TimeSpan? patience = null) =>
        await Eventually.Within(
            async stop =>
            {
                var head = new byte[4];
                await stream.ReadExactlyAsync(head, stop);
                var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(head)];
                await stream.ReadExactlyAsync(frame, stop);
                return frame;
            },
            () => "answer (ZooKeeper)",
            patience
        );

    private static byte[] Int(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [.. Int(bytes.Length), .. bytes];
    }
}
