using System.Text;
using Weft.Net;

namespace Weft.Http.Tests.Http2.Client;

/// <summary>Our client against our server, on one loop.</summary>
public sealed class ClientServerTests
{
    [Fact]
    public async Task Thousands_of_requests_over_one_connection_are_answered()
    {
        await using var server = new Http2TestServer(e =>
            Answer(e, Encoding.ASCII.GetBytes($"you asked {Encoding.ASCII.GetString(e.Request.Path)}"))
        );
        var reason = await server.OnLoopAsync(async () =>
        {
            var client = await ClientRun.ConnectAsync(server.Loop, server.EndPoint);
            await Task.WhenAll(Enumerable.Range(0, 32).Select(worker => WorkAsync(client, worker)));
            return await client.EndAsync();
        });
        Assert.Equal(Http2EndReason.Drained, reason);

        static async Task WorkAsync(ClientRun client, int worker)
        {
            for (var i = 0; i < 100; i++)
            {
                var result = await client.GetAsync($"/{worker}/{i}");
                Assert.Equal(
                    (ResponseOutcome.Head, 200, $"you asked /{worker}/{i}"),
                    (result.Outcome, result.Status, result.Body)
                );
            }
        }
    }

    [Fact]
    public async Task A_body_of_many_megabytes_passes_both_ways_through_small_windows_unchanged()
    {
        const int size = 20 * 1024 * 1024;
        var options = Http2TestServer.Defaults with { StreamWindow = 65_535, ConnectionWindow = 65_535 };
        await using var server = new Http2TestServer(EchoAsync, options);
        var (sent, got) = await server.OnLoopAsync(async () =>
        {
            var client = await ClientRun.ConnectAsync(server.Loop, server.EndPoint, options);
            var stream = client.Connection.TryOpenStream()!;
            Assert.True(
                await stream.SendHeadAsync(ClientRun.Head("POST", "/", size), new AddedFields(), BodyChunk.None, null)
            );
            var sending = SendAsync(stream, size);
            Assert.Equal(ResponseOutcome.Head, await stream.ReadHeadAsync(RequestMethod.Post));
            Assert.Equal(size, stream.Response.ContentLength);
            var received = await HashAsync(stream.ResponseBody);
            var hash = await sending;
            Assert.True(stream.EndExchange());
            stream.Close();
            await client.EndAsync();
            return (hash, received);
        });
        Assert.Equal(sent, got);
    }

    [Fact]
    public async Task Cancelled_streams_leave_nothing_behind_and_the_others_arrive_whole()
    {
        // More than the window, so that a cancelled stream is one that waits for credit as often as one that sends.
        const int size = 100_000;
        var options = Http2TestServer.Defaults with { StreamWindow = 65_535 };
        var running = 0;
        await using var server = new Http2TestServer(
            async exchange =>
            {
                running++;
                await EchoAsync(exchange);
                running--;
            },
            options
        );
        var whole = await server.OnLoopAsync(async () =>
        {
            var client = await ClientRun.ConnectAsync(server.Loop, server.EndPoint, options);
            var random = new Random(6);
            var done = 0;
            for (var round = 0; round < 10; round++)
            {
                var work = Enumerable
                    .Range(0, 60)
                    .Select(i => i % 2 == 0 ? CancelAsync(client, random.Next(40)) : CompleteAsync(client))
                    .ToArray();
                done += (await Task.WhenAll(work)).Count(w => w);
            }

            await client.EndAsync();
            return done;
        });
        Assert.Equal(300, whole);
        Assert.Equal(Http2EndReason.PeerClosed, await server.EndAsync());
        Assert.Equal(0, running);

        static async Task<bool> CompleteAsync(ClientRun client)
        {
            var stream = client.Connection.TryOpenStream()!;
            _ = await stream.SendHeadAsync(ClientRun.Head("POST", "/", size), new AddedFields(), BodyChunk.None, null);
            var sending = SendAsync(stream, size);
            Assert.Equal(ResponseOutcome.Head, await stream.ReadHeadAsync(RequestMethod.Post));
            var got = await HashAsync(stream.ResponseBody);
            var same = got == await sending;
            stream.Close();
            return same;
        }

        static async Task<bool> CancelAsync(ClientRun client, int turns)
        {
            var stream = client.Connection.TryOpenStream()!;
            _ = await stream.SendHeadAsync(ClientRun.Head("POST", "/", size), new AddedFields(), BodyChunk.None, null);
            var sending = SendAsync(stream, size);
            for (var i = 0; i < turns; i++)
            {
                _ = await client.Connection.Connection.Loop.YieldAsync();
            }

            stream.Abort();
            await sending;
            stream.Close();
            return false;
        }
    }

    [Fact]
    public async Task A_reset_by_the_client_reaches_the_handler_and_one_by_the_handler_the_client()
    {
        var lost = new LossSignal();
        var started = new LossSignal();
        await using var server = new Http2TestServer(async exchange =>
        {
            if (exchange.Request.Path.SequenceEqual("/abort"u8))
            {
                await exchange.SendHeadAsync(
                    new ResponseHead { Status = 200 },
                    new AddedFields(),
                    BodyChunk.None,
                    null
                );
                exchange.Abort();
                return;
            }

            exchange.LossWatcher = lost;
            started.OnClientLost();
            await lost.Task;
        });
        await server.OnLoopAsync(async () =>
        {
            var client = await ClientRun.ConnectAsync(server.Loop, server.EndPoint);
            var stream = client.Connection.TryOpenStream()!;
            _ = await stream.SendHeadAsync(ClientRun.Head(), new AddedFields(), BodyChunk.End, null);
            var head = stream.ReadHeadAsync(RequestMethod.Get);
            await started.Task;
            stream.Abort();
            Assert.Equal(ResponseOutcome.ClosedMidway, await head);
            stream.Close();
            await lost.Task;
            Assert.Equal(ResponseOutcome.ClosedMidway, (await client.GetAsync("/abort")).Outcome);
            return await client.EndAsync();
        });
    }

    [Fact]
    public async Task A_slow_reader_holds_up_its_own_stream_and_none_other()
    {
        var sent = 0;
        await using var server = new Http2TestServer(async exchange =>
        {
            if (!exchange.Request.Path.SequenceEqual("/slow"u8))
            {
                await Answer(exchange, "quick"u8.ToArray());
                return;
            }

            var piece = new byte[10_000];
            var sound = await exchange.SendHeadAsync(
                new ResponseHead { Status = 200 },
                new AddedFields(),
                BodyChunk.None,
                null
            );
            while (sound)
            {
                sound = await exchange.SendBodyAsync(new BodyChunk(piece, BodyState.More), null);
                sent += piece.Length;
            }
        });
        await server.OnLoopAsync(async () =>
        {
            var client = await ClientRun.ConnectAsync(server.Loop, server.EndPoint);
            var slow = client.Connection.TryOpenStream()!;
            _ = await slow.SendHeadAsync(ClientRun.Head(path: "/slow"), new AddedFields(), BodyChunk.End, null);
            Assert.Equal(ResponseOutcome.Head, await slow.ReadHeadAsync(RequestMethod.Get));
            for (var i = 0; i < 200; i++)
            {
                Assert.Equal("quick", (await client.GetAsync()).Body);
            }

            Assert.InRange(sent, 0, Http2TestServer.Defaults.StreamWindow + 10_000);
            slow.Close();
            return await client.EndAsync();
        });
    }

    [Fact]
    public async Task Interim_responses_and_trailers_arrive_in_order()
    {
        await using var server = new Http2TestServer(async exchange =>
        {
            await exchange.SendInterimAsync(new ResponseHead { Status = 103 });
            await exchange.SendInterimAsync(new ResponseHead { Status = 100 });
            var added = new AddedFields();
            added.Add("x-added"u8, "yes"u8);
            await exchange.SendHeadAsync(new ResponseHead { Status = 201 }, added, BodyChunk.None, null);
            await exchange.SendBodyAsync(BodyChunk.End, exchange.RequestBody.Trailers);
        });
        await server.OnLoopAsync(async () =>
        {
            var client = await ClientRun.ConnectAsync(server.Loop, server.EndPoint);
            var stream = client.Connection.TryOpenStream()!;
            _ = await stream.SendHeadAsync(ClientRun.Head(), new AddedFields(), BodyChunk.End, null);
            var seen = new List<int>();
            do
            {
                Assert.Equal(ResponseOutcome.Head, await stream.ReadHeadAsync(RequestMethod.Get));
                seen.Add(stream.Response.Status);
            } while (stream.Response.IsInterim);

            Assert.Equal([103, 100, 201], seen);
            Assert.True(stream.Response.Find("x-added"u8) >= 0);
            stream.Close();
            return await client.EndAsync();
        });
    }

    [Fact]
    public async Task At_steady_state_a_request_allocates_nothing()
    {
        await using var server = new Http2TestServer(Quick) { IsSilent = true };
        var allocated = await server.OnLoopAsync(async () =>
        {
            var client = await ClientRun.ConnectAsync(server.Loop, server.EndPoint);
            var head = ClientRun.Head();
            var added = new AddedFields();
            for (var i = 0; i < 500; i++)
            {
                await OnceAsync(client, head, added);
            }

            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 1000; i++)
            {
                await OnceAsync(client, head, added);
            }

            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            await client.EndAsync();
            return bytes;
        });
        Assert.Equal(0, allocated);
    }

    private static async LoopTask OnceAsync(ClientRun client, RequestHead head, AddedFields added)
    {
        var stream = client.Connection.TryOpenStream()!;
        _ = await stream.SendHeadAsync(head, added, BodyChunk.End, null);
        _ = await stream.ReadHeadAsync(RequestMethod.Get);
        while (!(await stream.ResponseBody.ReadAsync()).IsLast) { }

        stream.Close();
    }

    private static readonly byte[] s_quick = new byte[200];

    private static async LoopTask Quick(ServerExchange exchange) =>
        _ = await exchange.RespondAsync(200, Http2TestServer.Text, s_quick);

    private static async LoopTask Answer(ServerExchange exchange, byte[] body) =>
        _ = await exchange.RespondAsync(200, Http2TestServer.Text, body);

    /// <summary>Sends the request's body back as it comes.</summary>
    private static async LoopTask EchoAsync(ServerExchange exchange)
    {
        var added = new AddedFields();
        if (exchange.Request.TryGet(KnownHeader.ContentLength, out var length))
        {
            added.Add("content-length"u8, length);
        }

        var sound = await exchange.SendHeadAsync(new ResponseHead { Status = 200 }, added, BodyChunk.None, null);
        while (sound)
        {
            var chunk = await exchange.RequestBody.ReadAsync();
            if (chunk.IsFailed)
            {
                return;
            }

            sound = await exchange.SendBodyAsync(chunk, exchange.RequestBody.Trailers);
            if (chunk.IsLast)
            {
                return;
            }
        }
    }

    private static async Task<string> SendAsync(Http2ClientStream stream, int size)
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(
            System.Security.Cryptography.HashAlgorithmName.SHA256
        );
        var random = new Random(size);
        for (var left = size; left > 0; )
        {
            var piece = new byte[Math.Min(left, random.Next(1, 100_000))];
            random.NextBytes(piece);
            left -= piece.Length;
            hash.AppendData(piece);
            if (!await stream.SendBodyAsync(new BodyChunk(piece, left == 0 ? BodyState.Last : BodyState.More), null))
            {
                return "";
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    private static async Task<string> HashAsync(BodySource body)
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(
            System.Security.Cryptography.HashAlgorithmName.SHA256
        );
        while (true)
        {
            var chunk = await body.ReadAsync();
            hash.AppendData(chunk.Data.Span);
            if (chunk.State != BodyState.More)
            {
                return chunk.IsLast ? Convert.ToHexString(hash.GetHashAndReset()) : "broken";
            }
        }
    }
}
