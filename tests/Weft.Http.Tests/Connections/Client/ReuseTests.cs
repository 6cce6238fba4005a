using Weft.Net;

namespace Weft.Http.Tests.Connections.Client;

/// <summary>When a connection may carry another request, and what is said of one that cannot.</summary>
public sealed class ReuseTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private const string Fine = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi";

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\ncontent-length: 2\r\n\r\nhi", "200 hi")]
    [InlineData("HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nhi", "200 hi")]
    // Bytes that nobody asked for: the next client must not get them.
    [InlineData(Fine + "H", "200 hi")]
    [InlineData(Fine + Fine, "200 hi")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n\r\n", "200 hi")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\nx", "204 ")]
    public async Task A_response_after_which_the_sides_are_out_of_step_ends_the_connection(
        string response,
        string expected
    )
    {
        await using var test = await TestClient.ConnectAsync();
        await test.SendAsync(Get);
        await test.Server.SendAsync(response);
        await test.Loop.UntilAsync(() => test.Client.Connection.HasArrived);
        Assert.Equal(expected, await test.ReadAsync());
        Assert.False(await test.EndAsync());
    }

    [Theory]
    [InlineData(Transport.Epoll)]
    [InlineData(Transport.Sockets)]
    public async Task Bytes_that_come_behind_the_response_in_their_own_packet_end_the_connection_too(
        Transport transport
    )
    {
        await using var test = await TestClient.ConnectAsync(transport);
        await test.SendAsync(Get);
        await test.Server.SendAsync(Fine);
        Assert.Equal("200 hi", await test.ReadAsync());
        await test.Server.SendAsync("x");
        await test.Loop.UntilAsync(() => test.Client.Connection.HasArrived);
        Assert.False(await test.EndAsync());
    }

    [Fact]
    public async Task A_server_of_HTTP_1_0_may_keep_the_connection()
    {
        await using var test = await TestClient.ConnectAsync();
        await test.SendAsync(Get);
        await test.Server.SendAsync("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\ncontent-length: 2\r\n\r\nhi");
        Assert.Equal("200 hi", await test.ReadAsync());
        Assert.True(await test.EndAsync());
    }

    [Fact]
    public async Task A_response_that_comes_before_the_request_has_ended_is_read_and_ends_the_connection()
    {
        await using var test = await TestClient.ConnectAsync();
        await test.Loop.RunAsync(async _ =>
        {
            var head = Wire.Request("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n");
            Assert.True(await test.Client.SendHeadAsync(head, new AddedFields(), BodyChunk.None, null));
            Assert.True(await test.Client.SendBodyAsync(new BodyChunk(new byte[4], BodyState.More), null));
        });
        await test.Server.SendAsync("HTTP/1.1 413 Content Too Large\r\ncontent-length: 2\r\n\r\nhi");
        Assert.Equal("413 hi", await test.ReadAsync());
        Assert.False(await test.EndAsync());
    }

    [Theory]
    [InlineData(Transport.Epoll)]
    [InlineData(Transport.Sockets)]
    public async Task A_response_is_read_while_the_sending_of_the_request_waits(Transport transport)
    {
        await using var test = await TestClient.ConnectAsync(transport);
        var sending = test.Loop.RunAsync(async _ =>
        {
            var head = Wire.Request("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
            var body = new BodyChunk(new byte[100_000_000], BodyState.Last);
            return await test.Client.SendHeadAsync(head, new AddedFields(), body, null);
        });
        await test.Server.SendAsync("HTTP/1.1 413 Content Too Large\r\ncontent-length: 2\r\n\r\nhi");
        Assert.Equal("413 hi", await test.ReadAsync());
        Assert.False(sending.IsCompleted);
        // The write is still under way: breaking off ends it, and only then may memory be given back.
        await test.Loop.AskAsync(() =>
        {
            test.Client.Abort();
            return true;
        });
        Assert.False(await sending);
        Assert.False(await test.EndAsync());
    }

    [Fact]
    public async Task An_exchange_that_has_seen_no_final_response_ends_the_connection()
    {
        await using var test = await TestClient.ConnectAsync();
        await test.SendAsync(Get);
        await test.Server.SendAsync(Fine);
        Assert.Equal("200 hi", await test.ReadAsync());
        Assert.True(await test.EndAsync());

        // The response before it was a good one, but this request has had none.
        await test.SendAsync(Get);
        Assert.False(await test.EndAsync());
    }

    [Fact]
    public async Task An_exchange_that_has_seen_interim_responses_only_ends_the_connection()
    {
        await using var test = await TestClient.ConnectAsync();
        await test.SendAsync(Get);
        await test.Server.SendAsync("HTTP/1.1 103 Early Hints\r\n\r\n");
        Assert.Equal("103", await test.ReadAsync());
        Assert.False(await test.EndAsync());
    }

    [Theory]
    [InlineData(Transport.Epoll, false)]
    [InlineData(Transport.Epoll, true)]
    [InlineData(Transport.Sockets, false)]
    [InlineData(Transport.Sockets, true)]
    public async Task A_pooled_connection_that_the_server_has_left_is_closed_unanswered(Transport transport, bool reset)
    {
        await using var test = await TestClient.ConnectAsync(transport);
        await test.SendAsync(Get);
        await test.Server.ExpectAsync(Get);
        await test.Server.SendAsync(Fine);
        Assert.Equal("200 hi", await test.ReadAsync());
        Assert.True(await test.EndAsync());
        if (reset)
        {
            test.Server.Reset();
        }
        else
        {
            test.Server.Dispose();
        }

        await test.Loop.UntilAsync(() => test.Client.Connection.HasArrived);
        await test.SendAsync(Get);
        Assert.Equal("ClosedUnanswered", await test.ReadAsync());
        Assert.False(await test.EndAsync());
    }

    [Theory]
    [InlineData("", false, "ClosedUnanswered")]
    [InlineData("", true, "ClosedUnanswered")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-", false, "ClosedMidway")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-", true, "ClosedMidway")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", false, "200 ab Broken")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", true, "200 ab Broken")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", false, "200 ab Broken")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n", true, "200 ab Broken")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nab", true, "200 ab Broken")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nab", false, "200 ab")]
    public async Task A_server_may_go_away_at_any_point(string sent, bool reset, string expected)
    {
        foreach (var transport in new[] { Transport.Epoll, Transport.Sockets })
        {
            await using var test = await TestClient.ConnectAsync(transport);
            await test.SendAsync(Get);
            await test.Server.ExpectAsync(Get);
            var reading = test.ReadAsync();
            await test.Server.SendAsync(sent);
            await test.Loop.UntilAsync(() => test.Client.Connection.BytesIn == sent.Length);
            if (reset)
            {
                test.Server.Reset();
            }
            else
            {
                test.Server.Dispose();
            }

            Assert.Equal(expected, await reading);
            Assert.False(await test.EndAsync());
        }
    }

    [Fact]
    public async Task A_connection_that_ended_behind_an_interim_response_was_not_unanswered()
    {
        await using var test = await TestClient.ConnectAsync();
        await test.SendAsync(Get);
        await test.Server.ExpectAsync(Get);
        await test.Server.SendAsync("HTTP/1.1 103 Early Hints\r\n\r\n");
        Assert.Equal("103", await test.ReadAsync());
        test.Server.Dispose();
        Assert.Equal("ClosedMidway", await test.ReadAsync());
        Assert.False(await test.EndAsync());
    }
}
