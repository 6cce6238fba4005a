using Weft.Net;

namespace Weft.Http.Tests.Connections.Client;

public sealed class RequestSendingTests
{
    [Theory]
    [InlineData("GET /a?b HTTP/1.1\r\nHost: a\r\n\r\n", "GET /a?b HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET http://books/a HTTP/1.1\r\nHost: x\r\n\r\n", "GET /a HTTP/1.1\r\nHost: books\r\n\r\n")]
    [InlineData(
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi"
    )]
    [InlineData(
        "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: a\r\n\r\nhi",
        "PUT / HTTP/1.1\r\nHost: a\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"
    )]
    [InlineData(
        "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nHost: a\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"
    )]
    // What HTTP/1.0 does not ask for, HTTP/1.1 does (RFC 9112 section 3.2): a host, and if none is named, the one that is asked.
    [InlineData("GET /old HTTP/1.0\r\nAccept: */*\r\n\r\n", "GET /old HTTP/1.1\r\nAccept: */*\r\nhost: SERVER\r\n\r\n")]
    [InlineData("GET http://books/old HTTP/1.0\r\n\r\n", "GET /old HTTP/1.1\r\nhost: books\r\n\r\n")]
    public async Task A_request_goes_out_in_the_form_that_the_next_hop_expects(string request, string expected)
    {
        await using var test = await TestClient.ConnectAsync();
        var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        await test.Loop.RunAsync(async _ =>
        {
            var head = Wire.Request(request[..end]);
            HopByHop.Drop(head);
            var body = new BodyChunk(Wire.Bytes(request[end..]), BodyState.Last);
            Assert.True(await test.Client.SendHeadAsync(head, new AddedFields(), body, null));
        });
        await test.Server.ExpectAsync(expected.Replace("SERVER", $"{test.Client.Connection.RemoteEndPoint}"));
    }

    [Fact]
    public async Task Another_authority_goes_out_as_Host()
    {
        await using var test = await TestClient.ConnectAsync();
        await test.Loop.RunAsync(async _ =>
        {
            var head = Wire.Request("GET / HTTP/1.1\r\nHost: a\r\nx: y\r\n\r\n");
            head.SetAuthority("books.internal"u8);
            Assert.True(await test.Client.SendHeadAsync(head, new AddedFields(), BodyChunk.End, null));
        });
        await test.Server.ExpectAsync("GET / HTTP/1.1\r\nx: y\r\nhost: books.internal\r\n\r\n");
    }

    [Fact]
    public async Task An_empty_piece_does_not_end_a_chunked_body_and_trailers_go_with_its_end()
    {
        await using var test = await TestClient.ConnectAsync();
        await test.Loop.RunAsync(async _ =>
        {
            var head = Wire.Request("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
            HopByHop.Drop(head);
            Assert.True(await test.Client.SendHeadAsync(head, new AddedFields(), BodyChunk.None, null));
            Assert.True(await test.Client.SendBodyAsync(BodyChunk.None, null));
            Assert.True(await test.Client.SendBodyAsync(new BodyChunk(new byte[] { 65 }, BodyState.More), null));
            Assert.True(await test.Client.SendBodyAsync(BodyChunk.None, null));
            var trailers = new TrailerFields();
            var decoder = new ChunkedDecoder(trailers);
            Assert.Equal(
                ChunkStep.End,
                decoder.Step(Wire.Bytes("0\r\nX-Sum: 9\r\nTE: no\r\n\r\n"), out var _, out var _)
            );
            Assert.True(await test.Client.SendBodyAsync(BodyChunk.End, trailers));
        });
        await test.Server.ExpectAsync(
            "POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding: chunked\r\n\r\n1\r\nA\r\n0\r\nX-Sum: 9\r\n\r\n"
        );
    }

    [Fact]
    public async Task The_added_fields_of_a_caller_stay_as_they_were()
    {
        await using var test = await TestClient.ConnectAsync();
        var added = new AddedFields();
        for (var i = 0; i < 8; i++)
        {
            added.Add(new FieldBlock(($"x-{i}", "v")));
        }

        Assert.True(added.Add("x-own"u8, "1"u8));
        Assert.False(added.Add("x-own"u8, "1\r\nevil: 2"u8));
        var fields = string.Concat(Enumerable.Range(0, 8).Select(i => $"x-{i}: v\r\n")) + "x-own: 1\r\n";
        for (var i = 0; i < 3; i++)
        {
            await test.Loop.RunAsync(async _ =>
            {
                var head = Wire.Request("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
                HopByHop.Drop(head);
                Assert.True(await test.Client.SendHeadAsync(head, added, BodyChunk.End, null));
            });
            await test.Server.ExpectAsync(
                $"POST / HTTP/1.1\r\nHost: a\r\n{fields}transfer-encoding: chunked\r\n\r\n0\r\n\r\n"
            );
        }
    }

    [Theory]
    [InlineData(30_000)]
    [InlineData(65_000)]
    [InlineData(190_000)]
    public async Task A_head_of_any_size_that_could_be_received_can_be_sent(int size)
    {
        await using var test = await TestClient.ConnectAsync();
        var message = $"PUT / HTTP/1.1\r\nHost: a\r\nx: {new string('x', size)}\r\nContent-Length: 5\r\n\r\n";
        var reading = test.Server.ReadAsync(message.Length + 5);
        await test.Loop.RunAsync(async _ =>
        {
            var bytes = Wire.Bytes(message);
            var head = new RequestHead();
            var parser = new Http1RequestParser(new HeadLimits(HeadLimits.MostBytes, 100, 1000));
            Assert.Equal(ParseStatus.Complete, parser.Parse(bytes, 0, bytes.Length, head));
            var body = new BodyChunk(Wire.Bytes("hello"), BodyState.Last);
            Assert.True(await test.Client.SendHeadAsync(head, new AddedFields(), body, null));
        });
        Assert.Equal(message + "hello", Wire.Text(await reading));
    }

    [Fact]
    public async Task A_large_head_leaves_room_for_any_trailers()
    {
        await using var test = await TestClient.ConnectAsync();
        var message = $"PUT / HTTP/1.1\r\nHost: a\r\nx: {new string('x', 30_000)}\r\n";
        var value = new string('y', 30_000);
        var trailer = $"z: {new string('z', 8000)}\r\n";
        var data = new string('d', 4000);
        var expected = $"{message}y: {value}\r\ntransfer-encoding: chunked\r\n\r\nfa0\r\n{data}\r\n0\r\n{trailer}\r\n";
        var reading = test.Server.ReadAsync(expected.Length);
        await test.Loop.RunAsync(async _ =>
        {
            var head = Wire.Request(message + "Transfer-Encoding: chunked\r\n\r\n");
            HopByHop.Drop(head);
            var added = new AddedFields();
            added.Add(new FieldBlock(("y", value)));
            var trailers = new TrailerFields();
            var decoder = new ChunkedDecoder(trailers);
            Assert.Equal(ChunkStep.End, decoder.Step(Wire.Bytes($"0\r\n{trailer}\r\n"), out var _, out var _));
            var body = new BodyChunk(Wire.Bytes(data), BodyState.Last);
            Assert.True(await test.Client.SendHeadAsync(head, added, body, trailers));
        });
        Assert.Equal(expected, Wire.Text(await reading));
    }
}
