using System.Net.Sockets;
using Weft.Net;

namespace Weft.Http.Tests.Connections;

/// <summary>A client connection on a loop whose server is a plain socket with a script.</summary>
internal sealed class TestClient : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private RawPeer? _server;
    private bool _closed;

    private TestClient(Transport transport, HeadLimits limits)
    {
        Loop = new TestLoop(transport);
        Limits = limits;
    }

    public TestLoop Loop { get; }

    public HeadLimits Limits { get; }

    /// <summary>The client's side: on the loop only.</summary>
    public Http1ClientConnection Client { get; private set; } = null!;

    /// <summary>The server's side, from the test's thread.</summary>
    public RawPeer Server => _server!;

    public static Task<TestClient> ConnectAsync(Transport transport = Transport.Epoll) =>
        ConnectAsync(transport, HeadLimits.Default);

    public static async Task<TestClient> ConnectAsync(Transport transport, HeadLimits limits)
    {
        var test = new TestClient(transport, limits);
        test._listener.Bind(TestLoop.AnyPort);
        test._listener.Listen();
        await test.Loop.RunAsync(async loop =>
        {
            var endPoint = (System.Net.IPEndPoint)test._listener.LocalEndPoint!;
            var (connection, failure) = await loop.ConnectAsync(endPoint, 10_000);
            Assert.Null(failure);
            test.Client = new Http1ClientConnection(connection!, limits);
        });
        var socket = await test._listener.AcceptAsync().WaitAsync(TestLoop.Patience);
        socket.NoDelay = true;
        test._server = new RawPeer(socket);
        return test;
    }

    /// <summary>Sends a request that is written as one text; its body is what stands behind the head.</summary>
    public Task<bool> SendAsync(string message) =>
        Loop.RunAsync(async _ =>
        {
            var (head, body) = Split(message);
            return await Client.SendHeadAsync(head, new AddedFields(), body, null);
        });

    /// <summary>Waits for a head, and for the body of a final one, and describes both.</summary>
    public Task<string> ReadAsync(RequestMethod method = RequestMethod.Get) =>
        Loop.RunAsync(async _ =>
        {
            var outcome = await Client.ReadHeadAsync(method);
            if (outcome != ResponseOutcome.Head)
            {
                return outcome.ToString();
            }

            if (Client.Response.IsInterim)
            {
                return $"{Client.Response.Status}";
            }

            var text = $"{Client.Response.Status} ";
            BodyChunk chunk;
            do
            {
                chunk = await Client.ResponseBody.ReadAsync();
                text += Wire.Text(chunk.Data.Span);
            } while (chunk.State == BodyState.More);

            var trailers = Client.ResponseBody.Trailers;
            return text
                + (chunk.IsLast ? "" : $" {chunk.State}")
                + (trailers is null ? "" : $" {Wire.Written(trailers)}");
        });

    /// <summary>Ends the exchange; when the connection is of no further use, it is closed.</summary>
    public Task<bool> EndAsync() =>
        Loop.AskAsync(() =>
        {
            var reusable = Client.EndExchange();
            if (reusable)
            {
                Assert.Equal(0, Loop.Loop.Buffers.Lent);
            }
            else
            {
                Client.Close();
                _closed = true;
            }

            return reusable;
        });

    public async ValueTask DisposeAsync()
    {
        if (!_closed)
        {
            await Loop.AskAsync(() =>
            {
                Client.Close();
                return true;
            });
        }

        Assert.Equal(0, await Loop.AskAsync(() => Loop.Loop.Buffers.Lent));
        _listener.Dispose();
        Server.Dispose();
        await Loop.DisposeAsync();
    }

    private static (RequestHead Head, BodyChunk Body) Split(string message)
    {
        var end = message.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        return (Wire.Request(message[..end]), new BodyChunk(Wire.Bytes(message[end..]), BodyState.Last));
    }
}
