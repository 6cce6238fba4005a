using System.Net;
using System.Net.Sockets;
using System.Text;
using Weft.Control.Tests.Support;

namespace Weft.Control.Tests.Streams;

public sealed class SharedPortTests
{
    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task both_versions_of_http_are_answered_on_one_port_without_tls(string version)
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/namespaces")
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, Version.Parse(version)), (response.StatusCode, response.Version));
    }

    [Fact]
    public async Task a_first_line_that_comes_byte_by_byte_is_understood()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var server = await TestServer.StartAsync();
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, server.Server.Address.Port, stop);
        var stream = client.GetStream();
        foreach (
            var one in Encoding.ASCII.GetBytes(
                "PUT /x HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            )
        )
        {
            await stream.WriteAsync(new[] { one }, stop);
        }

        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 404", await reader.ReadToEndAsync(stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task one_that_says_nothing_holds_nobody_up()
    {
        await using var server = await TestServer.StartAsync();
        using var silent = new TcpClient();
        await silent.ConnectAsync(
            IPAddress.Loopback,
            server.Server.Address.Port,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(200, (await server.GetAsync("/api/v1/namespaces")).Status);
    }

    [Fact]
    public async Task the_stream_is_not_for_http_1()
    {
        await using var server = await TestServer.StartAsync();
        Assert.Equal(415, (await server.SendAsync("POST", "/weft.v1.Mesh/Connect", "")).Status);
    }
}
