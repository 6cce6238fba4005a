using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Wire;

/// <summary>Requests that two readers could read differently. Each is followed by a second one, which must never be served.</summary>
public sealed class SmugglingTests(OneService service) : IClassFixture<OneService>
{
    private const string Second = "GET /second HTTP/1.1\r\nHost: books\r\n\r\n";
    private const string Post = "POST /first HTTP/1.1\r\nHost: books\r\n";

    public static TheoryData<string, string> AmbiguousHeads { get; } =
        new()
        {
            { "both lengths", $"{Post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" },
            { "two lengths that differ", $"{Post}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello" },
            { "a list of lengths that differ", $"{Post}Content-Length: 5, 6\r\n\r\nhello" },
            { "a signed length", $"{Post}Content-Length: +5\r\n\r\nhello" },
            { "a hexadecimal length", $"{Post}Content-Length: 0x5\r\n\r\nhello" },
            { "a length beyond 64 bits", $"{Post}Content-Length: 99999999999999999999\r\n\r\nhello" },
            { "an empty length", $"{Post}Content-Length: \r\n\r\n" },
            { "an unknown coding", $"{Post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" },
            { "chunked not last", $"{Post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" },
            { "chunked twice", $"{Post}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" },
            { "a vertical tab before chunked", $"{Post}Transfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n" },
            { "a space before the colon", $"{Post}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" },
            { "a folded line", $"{Post}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" },
            {
                "chunked in HTTP/1.0",
                "POST /first HTTP/1.0\r\nHost: books\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            },
            { "a bare carriage return", $"{Post}X: a\rb\r\n\r\n" },
            { "a null byte", $"{Post}X: a\0b\r\n\r\n" },
            { "lines that end in a line feed alone", "GET /first HTTP/1.1\nHost: books\n\n" },
            { "a space in a header's name", $"{Post}X Y: 1\r\n\r\n" },
            { "a line without a colon", $"{Post}nonsense\r\n\r\n" },
            { "two hosts", "GET /first HTTP/1.1\r\nHost: books\r\nHost: other\r\n\r\n" },
            { "no host", "GET /first HTTP/1.1\r\n\r\n" },
            { "a control character in the target", "GET /fi\u0001rst HTTP/1.1\r\nHost: books\r\n\r\n" },
            { "two spaces in the request line", "GET  /first HTTP/1.1\r\nHost: books\r\n\r\n" },
            { "a version that does not exist", "GET /first HTTP/1.01\r\nHost: books\r\n\r\n" },
        };

    public static TheoryData<string, string> AmbiguousChunks { get; } =
        new()
        {
            { "a size beyond 64 bits", "FFFFFFFFFFFFFFFFF\r\n" },
            { "a negative size", "-5\r\nhello\r\n0\r\n\r\n" },
            { "a size with a prefix", "0x5\r\nhello\r\n0\r\n\r\n" },
            { "no end of line after the data", "5\r\nhelloX0\r\n\r\n" },
            { "a line feed alone after the size", "5\nhello\r\n0\r\n\r\n" },
            { "a bare carriage return in an extension", "5;a\rb\r\nhello\r\n0\r\n\r\n" },
        };

    [Theory]
    [MemberData(nameof(AmbiguousHeads))]
    public async Task an_ambiguous_head_is_refused_and_the_connection_is_closed(string what, string request)
    {
        var served = service.Upstream.Served;
        using var client = await service.Weft.Connect();
        await client.Send(request + Second);
        var all = await client.ReadToEnd();
        Assert.True(all.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal), $"{what}: {all}");
        Assert.Contains("weft-error: bad-request", all, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, all.LastIndexOf("HTTP/1.1 ", StringComparison.Ordinal));
        Assert.Equal(served, service.Upstream.Served);
    }

    /// <summary>The head may have gone upstream by then; what follows may not.</summary>
    [Theory]
    [MemberData(nameof(AmbiguousChunks))]
    public async Task an_ambiguous_chunk_is_refused_and_the_connection_is_closed(string what, string body)
    {
        using var client = await service.Weft.Connect();
        await client.Send($"{Post}Transfer-Encoding: chunked\r\n\r\n{body}{Second}");
        var all = await client.ReadToEnd();
        Assert.True(all.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal), $"{what}: {all}");
        Assert.Equal(0, all.LastIndexOf("HTTP/1.1 ", StringComparison.Ordinal));
        Assert.DoesNotContain("/second", service.Upstream.Paths);
    }
}
