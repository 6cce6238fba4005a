using Weft.Net;

namespace Weft.Http.Tests.Connections.Server;

/// <summary>When the handler may take back what it used for an exchange.</summary>
public sealed class HandledTests
{
    [Fact]
    public async Task A_request_is_handed_back_before_the_next_one_of_its_connection_is_served()
    {
        var before = new List<string>();
        TestServer? server = null;
        await using var _ = server = new TestServer(
            Transport.Epoll,
            async exchange =>
            {
                before.AddRange(server!.Handler.Handled);
                await TestHandler.AnswerPathAsync(exchange);
            }
        );
        var peer = await server.ConnectAsync();
        await peer.SendAsync("GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n");
        peer.EndSending();
        await peer.ExpectLastAsync(TestHandler.AnswerOf("/a") + TestHandler.AnswerOf("/b"));
        await server.UntilClosedAsync();

        Assert.Equal(["/a"], before);
        Assert.Equal(["/a", "/b"], server.Handler.Handled);
    }

    [Fact]
    public async Task A_request_that_ran_into_a_defect_is_not_handed_back()
    {
        await using var server = new TestServer(Transport.Epoll, _ => throw new InvalidOperationException("A defect."));
        var peer = await server.ConnectAsync();
        await peer.SendAsync("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
        await peer.ExpectResetAsync();
        await server.UntilClosedAsync();

        Assert.Empty(server.Handler.Handled);
        Assert.Single(server.Escaped);
        server.Escaped.Clear();
    }
}
