using System.Buffers.Binary;
using System.Net.Sockets;

namespace Weft.Discovery.Tests;

/// <summary>Changes nodes of a real ZooKeeper, over a connection for each change.</summary>
internal static class ZooKeeperWriter
{
    private const int Create = 1;
    private const int Delete = 2;
    private const int Close = -11;
    private const int NodeExists = -110;

    /// <summary>Creates a node, and those that lead to it.</summary>
    public static async Task SetAsync(int port, string path, string data)
    {
        for (var slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            await CreateAsync(port, path[..slash], "");
        }
        await CreateAsync(port, path, data);
    }

    public static async Task DeleteAsync(int port, string path) =>
        Assert.Equal(0, await AskAsync(port, new JuteWriter().Int(1).Int(Delete).Text(path).Int(-1)));

    private static async Task CreateAsync(int port, string path, string data)
    {
        var request = new JuteWriter()
            .Int(1)
            .Int(Create)
            .Text(path)
            .Buffer(System.Text.Encoding.UTF8.GetBytes(data))
            .Int(1)
            .Int(31)
            .Text("world")
            .Text("anyone")
            .Int(0);
        Assert.Contains(await AskAsync(port, request), new[] { 0, NodeExists });
    }

    private static async Task<int> AskAsync(int port, JuteWriter request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(new JuteWriter().Int(0).Long(0).Int(5000).Long(0).Buffer(new byte[16]).ToArray());
        await ReadAsync(stream);
        await stream.WriteAsync(request.ToArray());
        var reply = await ReadAsync(stream);
        await stream.WriteAsync(new JuteWriter().Int(2).Int(Close).ToArray());
        return BinaryPrimitives.ReadInt32BigEndian(reply.AsSpan(12));
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream)
    {
        var head = new byte[4];
        await stream.ReadExactlyAsync(head);
        var frame = new byte[BinaryPrimitives.ReadInt32BigEndian(head)];
        await stream.ReadExactlyAsync(frame);
        return frame;
    }
}
