using System.Security.Cryptography;
using System.Text;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.HarnessTests;

public class UpstreamTests
{
    [Fact]
    public async Task the_echo_upstream_does_what_each_path_promises()
    {
        await using var upstream = await EchoUpstream.Start("one");
        using var client = await ScriptedPeer.Connect(upstream.Address);

        Assert.Equal("one", (await Ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n")).Text);
        Assert.Equal("hello", (await Ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")).Text);
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData("hello"u8)),
            (await Ask("POST /hash HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello")).Text
        );
        Assert.Equal(418, (await Ask("GET /status/418 HTTP/1.1\r\nHost: a\r\n\r\n")).Status);
        Assert.Equal(
            "GET /headers?q=1\nhost: a\nx-b: c",
            (await Ask("GET /headers?q=1 HTTP/1.1\r\nHost: a\r\nX-B: c\r\n\r\n")).Text
        );
        Assert.Equal(5, upstream.Served);
        Assert.Equal(["/", "/echo", "/hash", "/headers", "/status/418"], upstream.Paths.Order(StringComparer.Ordinal));

        async Task<RawResponse> Ask(string request)
        {
            await client.Send(request);
            var response = await client.ReadFinalResponse();
            Assert.Equal("one", response.ServedBy);
            return response;
        }
    }

    [Fact]
    public async Task a_held_request_is_answered_when_it_is_released()
    {
        await using var upstream = await EchoUpstream.Start("one");
        using var client = await ScriptedPeer.Connect(upstream.Address);
        await client.Send("GET /hold HTTP/1.1\r\nHost: a\r\n\r\n");
        await Eventually.Is(() => upstream.Held == 1, "the request is held");
        Assert.False(client.HasNewsWaiting);
        upstream.Release();
        Assert.Equal("one", (await client.ReadFinalResponse()).Text);
    }

    [Fact]
    public async Task large_bodies_are_checked_byte_by_byte_both_ways()
    {
        const long size = (64 << 20) + 12_345;
        await using var upstream = await EchoUpstream.Start("one");
        Assert.Equal(size, await Transfer.Upload(upstream.Address, "any", size));
        Assert.Equal(size, await Transfer.Download(upstream.Address, "any", size));
    }

    [Fact]
    public async Task the_pattern_finds_a_byte_that_is_lost_and_one_that_is_changed()
    {
        using var whole = new MemoryStream();
        await Pattern.Write(whole, 1_000_000, CancellationToken.None);
        var bytes = whole.ToArray();
        Assert.Equal(bytes.Length, await Pattern.Verify(new MemoryStream(bytes), CancellationToken.None));

        byte[] lost = [.. bytes[..500_000], .. bytes[500_001..]];
        await Assert.ThrowsAsync<InvalidDataException>(() =>
            Pattern.Verify(new MemoryStream(lost), CancellationToken.None)
        );
        bytes[777_777] ^= 1;
        var e = await Assert.ThrowsAsync<InvalidDataException>(() =>
            Pattern.Verify(new MemoryStream(bytes), CancellationToken.None)
        );
        Assert.StartsWith("byte 777777 ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task nginx_answers_and_ends_with_the_test()
    {
        var upstream = await NginxUpstream.Start();
        await using (upstream)
        {
            using var client = await ScriptedPeer.Connect(upstream.Address);
            await client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            Assert.Equal(NginxUpstream.Body, Encoding.ASCII.GetString((await client.ReadFinalResponse()).Body));
        }
        await Assert.ThrowsAnyAsync<Exception>(() => ScriptedPeer.Connect(upstream.Address));
    }
}
