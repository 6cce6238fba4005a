using System.Text;
using Weft.Net;

namespace Weft.Http.Tests.Connections.Server;

/// <summary>Random requests in random pieces: whatever the cuts, the answers are those that the requests alone determine.</summary>
public sealed class PipelineModelTests
{
    private const int Requests = 60;

    [Theory]
    [InlineData(Transport.Epoll)]
    [InlineData(Transport.Sockets)]
    public async Task Answers_depend_on_the_requests_and_not_on_how_they_arrive(Transport transport)
    {
        for (var seed = 1; seed <= 12; seed++)
        {
            var random = new Random(seed);
            var requests = new StringBuilder();
            var answers = new StringBuilder();
            for (var i = 0; i < Requests; i++)
            {
                Append(random, i, requests, answers);
            }

            await using var server = new TestServer(transport, SumUpAsync);
            var peer = await server.ConnectAsync();
            var reading = peer.ReadAsync(answers.Length);
            var message = Wire.Bytes(requests.ToString());
            for (var sent = 0; sent < message.Length; )
            {
                var size = Math.Min(message.Length - sent, SizeOf(random));
                await peer.SendAsync(message.AsMemory(sent, size));
                sent += size;
            }

            Assert.Equal(answers.ToString(), Wire.Text(await reading));
            await server.UntilLentAsync(0);
        }
    }

    /// <summary>Mostly small, at times around the sizes of buffers and beyond.</summary>
    private static int SizeOf(Random random) =>
        random.Next(4) switch
        {
            0 => random.Next(1, 20),
            1 => random.Next(1, 3000),
            2 => random.Next(16_000, 17_000),
            _ => random.Next(1, 90_000),
        };

    private static void Append(Random random, int index, StringBuilder requests, StringBuilder answers)
    {
        var padding = new string(
            (char)('a' + (index % 26)),
            random.Next(3) == 0 ? random.Next(25_000) : random.Next(50)
        );
        var body = new string((char)('A' + (index % 26)), random.Next(2) == 0 ? SizeOf(random) : 0);
        requests.Append($"POST /{index} HTTP/1.1\r\nHost: a\r\nx-padding: {padding}\r\n");
        if (random.Next(2) == 0)
        {
            requests.Append($"Content-Length: {body.Length}\r\n\r\n{body}");
        }
        else
        {
            requests.Append("Transfer-Encoding: chunked\r\n\r\n");
            for (var sent = 0; sent < body.Length; )
            {
                var size = Math.Min(body.Length - sent, SizeOf(random));
                requests.Append($"{size:x}\r\n").Append(body, sent, size).Append("\r\n");
                sent += size;
            }

            requests.Append("0\r\n\r\n");
        }

        answers.Append(TestHandler.AnswerOf(SumUp($"/{index}", padding, body.Length, Sum(Wire.Bytes(body), 0))));
    }

    private static async LoopTask SumUpAsync(ServerExchange exchange)
    {
        var length = 0;
        var sum = 0L;
        BodyChunk chunk;
        do
        {
            chunk = await exchange.RequestBody.ReadAsync();
            Assert.False(chunk.IsFailed);
            if ((length & 1) == 0)
            {
                // What was given must stay as it is while the rest of the loop has its turn.
                await exchange.Connection.Loop.YieldAsync();
            }

            length += chunk.Data.Length;
            sum = Sum(chunk.Data.Span, sum);
        } while (!chunk.IsLast);

        var head = exchange.Request;
        await TestHandler.AnswerAsync(
            exchange,
            SumUp(Wire.Text(head.Path), Wire.Text(head.Value(head.Find("x-padding"u8))), length, sum)
        );
    }

    private static string SumUp(string path, string padding, int length, long sum) =>
        $"{path} {padding.Length} {padding.LastOrDefault()} {length} {sum}";

    private static long Sum(ReadOnlySpan<byte> bytes, long sum)
    {
        foreach (var b in bytes)
        {
            sum = unchecked((sum * 31) + b);
        }

        return sum;
    }
}
