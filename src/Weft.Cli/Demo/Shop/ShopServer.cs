using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Weft.Cli.Demo;

/// <summary>
/// As much of HTTP/1.1 (RFC 9112) as the shop's services need: GET and HEAD without a body, answers with their length, connections kept
/// alive. On loopback only, which the framework's own listener cannot promise for requests whose Host is a name of the mesh.
/// </summary>
internal sealed class ShopServer : IDisposable
{
    private const int MaxHeadBytes = 16 * 1024;
    private const int MaxConnections = 512;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly SemaphoreSlim _room = new(MaxConnections);
    private readonly Func<CancellationToken, Task<ShopAnswer>> _answer;

    /// <summary>Listens from now on.</summary>
    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public ShopServer(IPEndPoint address, Func<CancellationToken, Task<ShopAnswer>> answer)
    {
        _answer = answer;
        _listener.Bind(address);
        _listener.Listen();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndPoint!;

    /// <summary>Serves until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        while (true)
        {
            await _room.WaitAsync(cancel);
            var connection = await _listener.AcceptAsync(cancel);
            connection.NoDelay = true;
            // Not awaited: it handles what a connection can suffer, and gives its place back.
            _ = ServeAsync(connection, cancel);
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _room.Dispose();
    }

    private async Task ServeAsync(Socket connection, CancellationToken cancel)
    {
        try
        {
            using (connection)
            {
                await ServeAllAsync(connection, cancel);
            }
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            // The caller went away or the service ends: either way there is nobody left to answer.
        }
        finally
        {
            _room.Release();
        }
    }

    private async Task ServeAllAsync(Socket connection, CancellationToken cancel)
    {
        var buffer = new byte[MaxHeadBytes];
        var filled = 0;
        while (true)
        {
            int end;
            while ((end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
            {
                var count =
                    filled == buffer.Length ? 0 : await connection.ReceiveAsync(buffer.AsMemory(filled), cancel);
                if (count == 0)
                {
                    return;
                }

                filled += count;
            }

            var head = Encoding.ASCII.GetString(buffer, 0, end);
            var used = end + 4;
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
            var isHead = head.StartsWith("HEAD ", StringComparison.Ordinal);
            if (!isHead && !head.StartsWith("GET ", StringComparison.Ordinal))
            {
                // Its body would be taken for the next request.
                await SendAsync(
                    connection,
                    new ShopAnswer(405, "", "only GET and HEAD\n"),
                    isHead: false,
                    true,
                    cancel
                );
                return;
            }

            var close = head.Contains("\r\nconnection: close", StringComparison.OrdinalIgnoreCase);
            await SendAsync(connection, await _answer(cancel), isHead, close, cancel);
            if (close)
            {
                return;
            }
        }
    }

    private static async Task SendAsync(
        Socket connection,
        ShopAnswer answer,
        bool isHead,
        bool close,
        CancellationToken cancel
    )
    {
        var text =
            $"HTTP/1.1 {answer.Status} {(answer.Status == 200 ? "OK" : "Error")}\r\n"
            + "content-type: text/plain\r\n"
            + $"content-length: {Encoding.UTF8.GetByteCount(answer.Body)}\r\n"
            + (answer.ServedBy.Length > 0 ? $"{ServedBy.Field}: {answer.ServedBy}\r\n" : "")
            + (close ? "connection: close\r\n" : "")
            + "\r\n"
            + (isHead ? "" : answer.Body);
        ReadOnlyMemory<byte> bytes = Encoding.UTF8.GetBytes(text);
        while (bytes.Length > 0)
        {
            bytes = bytes[await connection.SendAsync(bytes, cancel)..];
        }
    }
}
