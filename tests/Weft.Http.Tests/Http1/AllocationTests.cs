namespace Weft.Http.Tests.Http1;

public sealed class AllocationTests
{
    [Fact]
    public void A_request_and_its_response_with_a_chunked_body_allocate_nothing()
    {
        var request = Wire.Bytes(
            "GET http://books.example:81?q HTTP/1.1\r\nHost: x\r\nAccept: */*\r\nUser-Agent: x\r\nX-A: 1\r\nX-B: 2\r\n"
                + "Connection: keep-alive, x-a\r\nTE: trailers\r\nCookie: a=b\r\n\r\n"
        );
        var response = Wire.Bytes("HTTP/1.1 200 OK\r\nServer: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        var body = Wire.Bytes("5\r\nhello\r\n0\r\ngrpc-status: 0\r\n\r\n");
        var exchange = new Exchange();
        for (var i = 0; i < 100; i++)
        {
            exchange.Run(request, response, body);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++)
        {
            exchange.Run(request, response, body);
        }

        // One object per exchange would be 24 bytes at least. A collection that other tests cause adds what was left of this thread's
        // allocation context, some 8 KiB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000 * 8);
        Assert.Equal(10_100 * 5, exchange.Data);
    }

    private sealed class Exchange
    {
        private readonly Http1RequestParser _requests = new();
        private readonly Http1ResponseParser _responses = new();
        private readonly RequestHead _request = new();
        private readonly ResponseHead _response = new();
        private readonly TrailerFields _trailers = new();
        private readonly byte[] _scratch = new byte[1024];

        public int Data { get; private set; }

        public void Run(byte[] request, byte[] response, byte[] body)
        {
            if (
                _requests.Parse(request, 0, request.Length, _request) != ParseStatus.Complete
                || _responses.Parse(response, 0, response.Length, _response, _request.Method) != ParseStatus.Complete
                || !Authority.Normalize(_request.Authority, 80, _scratch, out _)
            )
            {
                throw new InvalidOperationException("The samples are good.");
            }

            HopByHop.Drop(_request);
            HopByHop.Drop(_response);
            var writer = new HeadWriter(_scratch);
            writer.RequestLine(_request);
            writer.Fields(_request);
            writer.Field(KnownHeader.Via, "1.1 weft"u8);
            writer.End();
            writer.ChunkSize(5);

            var decoder = new ChunkedDecoder(_trailers);
            ReadOnlySpan<byte> rest = body;
            ChunkStep step;
            do
            {
                step = decoder.Step(rest, out var consumed, out var length);
                rest = rest[consumed..];
                Data += length;
            } while (step == ChunkStep.Data);
        }
    }
}
