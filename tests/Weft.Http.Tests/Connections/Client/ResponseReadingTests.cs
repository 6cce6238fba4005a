using Weft.Net;

namespace Weft.Http.Tests.Connections.Client;

public sealed class ResponseReadingTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    public static TheoryData<string, string> Responses =>
        new()
        {
            { "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nhello world", "200 hello world" },
            {
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6;x=y\r\nhello \r\n5\r\nworld\r\n0\r\nx-sum: 1\r\n\r\n",
                "200 hello world x-sum: 1\r\n"
            },
            { "HTTP/1.1 204 No Content\r\nx: y\r\n\r\n", "204 " },
        };

    [Theory]
    [MemberData(nameof(Responses))]
    public async Task A_response_may_be_cut_at_every_byte(string response, string expected)
    {
        await using var test = await TestClient.ConnectAsync();
        var received = 0L;
        for (var cut = 1; cut < response.Length; cut++)
        {
            Assert.True(await test.SendAsync(Get));
            await test.Server.ExpectAsync(Get);
            var reading = test.ReadAsync();
            await test.Server.SendAsync(response[..cut]);
            received += cut;
            await test.Loop.UntilAsync(() => test.Client.Connection.BytesIn >= received);
            await test.Server.SendAsync(response[cut..]);
            received += response.Length - cut;
            Assert.Equal(expected, await reading);
            Assert.True(await test.EndAsync());
        }

        Assert.Equal(response.Length - 1, test.Client.Requests);
    }

    [Theory]
    [InlineData(Transport.Epoll)]
    [InlineData(Transport.Sockets)]
    public async Task A_body_without_a_length_ends_with_its_connection(Transport transport)
    {
        await using var test = await TestClient.ConnectAsync(transport);
        await test.SendAsync(Get);
        await test.Server.SendAsync("HTTP/1.1 200 OK\r\n\r\nhello");
        test.Server.EndSending();
        Assert.Equal("200 hello", await test.ReadAsync());
        Assert.False(await test.EndAsync());
    }

    [Theory]
    [InlineData(RequestMethod.Head, "HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n", "200 ")]
    [InlineData(RequestMethod.Head, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "200 ")]
    [InlineData(RequestMethod.Head, "HTTP/1.1 200 OK\r\n\r\n", "200 ")]
    [InlineData(RequestMethod.Get, "HTTP/1.1 304 Not Modified\r\nContent-Length: 11\r\n\r\n", "304 ")]
    [InlineData(RequestMethod.Get, "HTTP/1.1 204 No Content\r\n\r\n", "204 ")]
    [InlineData(RequestMethod.Post, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "200 ")]
    public async Task A_response_without_a_body_leaves_the_connection_usable(
        RequestMethod method,
        string response,
        string expected
    )
    {
        await using var test = await TestClient.ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            await test.SendAsync(Get);
            await test.Server.ExpectAsync(Get);
            await test.Server.SendAsync(response);
            Assert.Equal(expected, await test.ReadAsync(method));
            Assert.True(await test.EndAsync());
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(12_289)]
    [InlineData(16_384)]
    [InlineData(65_535)]
    [InlineData(65_537)]
    [InlineData(3_000_000)]
    public async Task Bodies_of_any_size_are_read_to_their_end(int size)
    {
        await using var test = await TestClient.ConnectAsync();
        var body = string.Create(
            size,
            0,
            (span, _) =>
            {
                for (var i = 0; i < span.Length; i++)
                {
                    span[i] = (char)('a' + (i % 23));
                }
            }
        );
        foreach (
            var message in new[]
            {
                $"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n{body}",
                $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{(size == 0 ? "" : $"{size:x}\r\n{body}\r\n")}0\r\n\r\n",
            }
        )
        {
            await test.SendAsync(Get);
            await test.Server.ExpectAsync(Get);
            var sending = test.Server.SendAsync(message);
            Assert.Equal("200 " + body, await test.ReadAsync());
            await sending;
            Assert.True(await test.EndAsync());
        }
    }

    [Fact]
    public async Task Interim_responses_come_before_the_final_one_in_any_packing()
    {
        await using var test = await TestClient.ConnectAsync();
        await test.SendAsync(Get);
        await test.Server.SendAsync(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: <a>\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi"
        );
        Assert.Equal("100", await test.ReadAsync());
        Assert.Equal("103", await test.ReadAsync());
        Assert.Equal("200 hi", await test.ReadAsync());
        Assert.True(await test.EndAsync());
    }

    [Fact]
    public async Task A_flood_of_interim_responses_is_malformed()
    {
        await using var test = await TestClient.ConnectAsync();
        await test.SendAsync(Get);
        await test.Server.SendAsync(string.Concat(Enumerable.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 1000)));
        var outcomes = new List<string>();
        do
        {
            outcomes.Add(await test.ReadAsync());
        } while (outcomes[^1] == "103");

        Assert.Equal("Malformed", outcomes[^1]);
        Assert.Equal(17, outcomes.Count);
        Assert.Equal(RejectReason.TooManyInterimResponses, test.Client.Reason);
        Assert.False(await test.EndAsync());
    }

    [Theory]
    [InlineData(
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        RejectReason.LengthAndTransferEncoding
    )]
    [InlineData(
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
        RejectReason.RepeatedContentLength
    )]
    [InlineData("HTTP/1.1 200 OK\r\nA : b\r\n\r\n", RejectReason.WhitespaceBeforeColon)]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\0\r\n\r\n", RejectReason.ControlByte)]
    [InlineData("SSH-2.0-x\r\n", RejectReason.InvalidStatusLine)]
    [InlineData(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
        RejectReason.UnexpectedProtocolSwitch
    )]
    public async Task What_is_no_acceptable_response_is_malformed_and_says_why(string response, RejectReason reason)
    {
        await using var test = await TestClient.ConnectAsync();
        await test.SendAsync(Get);
        await test.Server.SendAsync(response);
        Assert.Equal("Malformed", await test.ReadAsync());
        Assert.Equal(reason, test.Client.Reason);
        Assert.False(await test.EndAsync());
    }

    [Fact]
    public async Task An_endless_head_is_malformed_at_the_limit()
    {
        await using var test = await TestClient.ConnectAsync();
        await test.SendAsync(Get);
        var reading = test.ReadAsync();
        await test.Server.SendAsync(
            "HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat("x: " + new string('y', 1000) + "\r\n", 40))
        );
        Assert.Equal("Malformed", await reading);
        Assert.Equal(RejectReason.HeadTooLarge, test.Client.Reason);
        Assert.InRange(test.Client.Connection.BytesIn, 1, 3 * 32 * 1024);
    }
}
