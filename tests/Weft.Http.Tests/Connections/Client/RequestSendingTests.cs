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
        await test.Server.ExpectAsync(expected);
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
}
