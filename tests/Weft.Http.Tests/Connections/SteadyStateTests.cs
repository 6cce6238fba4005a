using Weft.Net;

namespace Weft.Http.Tests.Connections;

public sealed class SteadyStateTests
{
    private const int Exchanges = 10_000;

    private static readonly byte[] s_body = new byte[200];

    [Theory]
    [InlineData("GET /a HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n", 0)]
    [InlineData("POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 200\r\n\r\n", 200)]
    [InlineData("POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 200)]
    public async Task An_exchange_over_kept_connections_allocates_next_to_nothing(string request, int bodySize)
    {
        await using var server = new TestServer(Transport.Epoll, EchoAsync);
        await server.Loop.RunAsync(async loop =>
        {
            var (connection, failure) = await loop.ConnectAsync(server.EndPoint, 10_000);
            Assert.Null(failure);
            var client = new Http1ClientConnection(connection!, HeadLimits.Default);
            var head = Wire.Request(request);
            HopByHop.Drop(head);
            var body = new BodyChunk(s_body.AsMemory(0, bodySize), BodyState.Last);
            var added = new AddedFields();
            server.Handler.Remembers = false;
            try
            {
                await ExchangeAsync(client, head, added, body, Exchanges / 10);
                var before = GC.GetAllocatedBytesForCurrentThread();
                await ExchangeAsync(client, head, added, body, Exchanges);
                Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * Exchanges);
                Assert.Equal(0, loop.Buffers.Lent);
            }
            finally
            {
                client.Close();
            }
        });
    }

    private static readonly AddedFields s_none = new();
    private static readonly ResponseHead s_head = Wire.Response("HTTP/1.1 200 OK\r\ncontent-length: 200\r\n\r\n");

    private static async Task ExchangeAsync(
        Http1ClientConnection client,
        RequestHead head,
        AddedFields added,
        BodyChunk body,
        int count
    )
    {
        for (var i = 0; i < count; i++)
        {
            if (
                !await client.SendHeadAsync(head, added, body, null)
                || await client.ReadHeadAsync(head.Method) != ResponseOutcome.Head
            )
            {
                throw new InvalidOperationException("The connection broke.");
            }

            var read = 0;
            BodyChunk chunk;
            do
            {
                chunk = await client.ResponseBody.ReadAsync();
                read += chunk.Data.Length;
            } while (chunk.State == BodyState.More);

            if (!chunk.IsLast || read != 200 || !client.EndExchange())
            {
                throw new InvalidOperationException("The response is not what was sent.");
            }
        }
    }

    private static async LoopTask EchoAsync(ServerExchange exchange)
    {
        BodyChunk chunk;
        do
        {
            chunk = await exchange.RequestBody.ReadAsync();
        } while (chunk.State == BodyState.More);

        if (!await exchange.SendHeadAsync(s_head, s_none, new BodyChunk(s_body, BodyState.Last), null))
        {
            exchange.Abort();
        }
    }
}
