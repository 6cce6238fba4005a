using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Bounds;

public sealed class HeadLimitTests(OneService service) : IClassFixture<OneService>
{
    [Fact]
    public async Task a_target_without_end_is_answered_414() =>
        await Refused($"GET /{new string('a', 1 << 20)} HTTP/1.1\r\nHost: books\r\n\r\n", 414, "uri-too-long");

    [Fact]
    public async Task a_header_without_end_is_answered_431() =>
        await Refused(
            $"GET / HTTP/1.1\r\nHost: books\r\nX: {new string('a', 1 << 20)}\r\n\r\n",
            431,
            "headers-too-large"
        );

    [Fact]
    public async Task headers_without_number_are_answered_431() =>
        await Refused(
            $"GET / HTTP/1.1\r\nHost: books\r\n{string.Concat(Enumerable.Repeat("X: y\r\n", 10_000))}\r\n",
            431,
            "headers-too-large"
        );

    private async Task Refused(string request, int status, string reason)
    {
        using var client = await service.Weft.Connect();
        // The proxy answers before it has read all: sending the rest may fail then, and that is right.
        var sending = client.Send(request);
        var response = await client.ReadFinalResponse();
        Assert.Equal((status, reason), (response.Status, response.WeftError));
        Assert.True(response.ClosesConnection);
        await Task.WhenAny(sending);
        Assert.Equal(0, service.Upstream.Served);
    }
}
