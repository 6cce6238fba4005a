using System.Net.Sockets;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.HarnessTests;

public sealed class ScriptedPeerTests : IDisposable
{
    private readonly ScriptedUpstream _upstream = new();

    [Fact]
    public async Task both_ends_do_exactly_what_the_script_says()
    {
        var (client, server) = await Pair();
        using (client)
        using (server)
        {
            await client.Send("GET / HTTP/1.1\r\nHost: a\r\n\r\nrest");
            Assert.Equal("GET / HTTP/1.1\r\nHost: a\r\n\r\n", await server.ReadHead());
            await server.Expect("rest");
            client.HalfClose();
            await server.ExpectEnd();
            await server.Send("still here");
            await client.Expect("still here");
        }
    }

    [Fact]
    public async Task an_unexpected_byte_fails_the_test()
    {
        var (client, server) = await Pair();
        using (client)
        using (server)
        {
            await client.Send("abd");
            await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(() => server.Expect("abc"));
        }
    }

    [Fact]
    public async Task a_reset_is_told_apart_from_an_end()
    {
        var (client, server) = await Pair();
        client.Reset();
        await server.ExpectReset();
        server.Dispose();

        (client, server) = await Pair();
        client.Dispose();
        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(server.ExpectReset);
        server.Dispose();
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP", "hello")]
    [InlineData(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nt: 1\r\n\r\nHTTP",
        "hello"
    )]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\nHTTP", "")]
    public async Task responses_are_read_in_every_framing_and_no_further(string bytes, string body)
    {
        var (client, server) = await Pair();
        using (client)
        using (server)
        {
            await server.Send(bytes);
            var response = await client.ReadResponse();
            Assert.Equal(body, response.Text);
            await client.Expect("HTTP");
        }
    }

    [Fact]
    public async Task a_response_without_a_length_ends_with_the_connection()
    {
        var (client, server) = await Pair();
        using (client)
        {
            await server.Send("HTTP/1.0 200 OK\r\n\r\nall of it");
            server.Dispose();
            var response = await client.ReadResponse();
            Assert.Equal("all of it", response.Text);
            Assert.True(response.ClosesConnection);
        }
    }

    [Fact]
    public async Task interim_responses_are_passed_over_when_only_the_final_one_matters()
    {
        var (client, server) = await Pair();
        using (client)
        using (server)
        {
            await server.Send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
            Assert.Equal(404, (await client.ReadFinalResponse()).Status);
        }
    }

    [Fact]
    public async Task connecting_where_nobody_listens_is_refused() =>
        await Assert.ThrowsAsync<SocketException>(() => ScriptedPeer.Connect(FreePort.NextOnLoopback()));

    public void Dispose() => _upstream.Dispose();

    private async Task<(ScriptedPeer Client, ScriptedPeer Server)> Pair()
    {
        var client = await ScriptedPeer.Connect(_upstream.Address);
        return (client, await _upstream.Accept());
    }
}
