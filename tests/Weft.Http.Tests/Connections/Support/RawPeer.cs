using System.Net;
using System.Net.Sockets;

namespace Weft.Http.Tests.Connections;

/// <summary>A plain socket that says exactly the bytes that a test wants said, and checks those that come.</summary>
internal sealed class RawPeer(Socket socket) : IDisposable
{
    public Socket Socket => socket;

    public static async Task<RawPeer> ConnectAsync(IPEndPoint endPoint, int? receiveBuffer = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } size)
        {
            socket.ReceiveBufferSize = size;
        }

        await socket.ConnectAsync(endPoint);
        return new RawPeer(socket);
    }

    public Task SendAsync(string text) => SendAsync(Wire.Bytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes).AsTask().WaitAsync(TestLoop.Patience)..];
        }
    }

    /// <summary>The next bytes must be these.</summary>
    public async Task ExpectAsync(string text) => Assert.Equal(text, Wire.Text(await ReadAsync(text.Length)));

    /// <summary>The next bytes must be these, and the stream must end in good order behind them.</summary>
    public async Task ExpectLastAsync(string text) => Assert.Equal(text, Wire.Text(await ReadToEndAsync()));

    /// <summary>Reads as many bytes, or fewer when the stream ends.</summary>
    public async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        var read = 0;
        while (read < count)
        {
            var n = await ReadSomeAsync(bytes.AsMemory(read));
            if (n == 0)
            {
                break;
            }

            read += n;
        }

        return bytes[..read];
    }

    /// <summary>Reads to the end of a head.</summary>
    public async Task<string> ReadHeadAsync()
    {
        var text = "";
        while (!text.EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var next = await ReadAsync(1);
            Assert.True(next.Length == 1, $"The stream ended behind '{text}'.");
            text += Wire.Text(next);
        }

        return text;
    }

    /// <summary>Reads to the end of the stream; throws <see cref="SocketException"/> when there is a reset instead.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await ReadSomeAsync(buffer) is > 0 and var n)
        {
            all.Write(buffer, 0, n);
        }

        return all.ToArray();
    }

    public Task<int> ReadSomeAsync(Memory<byte> into) =>
        socket.ReceiveAsync(into).AsTask().WaitAsync(TestLoop.Patience);

    /// <summary>The peer must answer with a reset, at once or behind what it had sent.</summary>
    public async Task ExpectResetAsync()
    {
        var e = await Assert.ThrowsAsync<SocketException>(ReadToEndAsync);
        Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
    }

    public void EndSending() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection with a reset.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();
}
