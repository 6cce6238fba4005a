using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Lifecycle;

public class ShutdownTests
{
    [Fact]
    public async Task termination_under_load_fails_no_request()
    {
        await using var service = await OneService.Start();
        var load = Load.Start(service.Weft.Outbound, OneService.Name, endsWhenRefused: true);
        await load.Answers(500);
        service.Weft.Terminate();
        Assert.Equal(0, await service.Weft.Exit());
        await Eventually.Is(() => load.HasEnded, "every client learned that the proxy is gone");
        await load.StopWithoutFailure();
    }

    [Fact]
    public async Task a_request_in_flight_is_answered_before_the_end()
    {
        await using var service = await OneService.Start();
        using var client = await service.Weft.Connect();
        await client.Send("GET /hold HTTP/1.1\r\nHost: books\r\n\r\n");
        await Eventually.Is(() => service.Upstream.Held == 1, "the request is in flight");

        service.Weft.Terminate();
        await Eventually.Is(
            async () =>
            {
                try
                {
                    using var late = await ScriptedPeer.Connect(service.Weft.Outbound);
                    return false;
                }
                catch (System.Net.Sockets.SocketException)
                {
                    return true;
                }
            },
            "nobody new is let in"
        );
        Assert.False(service.Weft.HasExited);
        service.Upstream.Release();
        var response = await client.ReadFinalResponse();
        Assert.Equal("books-1", response.Text);
        Assert.True(response.ClosesConnection);
        Assert.Equal(0, await service.Weft.Exit());
    }

    [Fact]
    public async Task an_idle_connection_does_not_keep_the_proxy_from_ending()
    {
        await using var service = await OneService.Start();
        using var client = await service.Weft.Connect();
        service.Weft.Terminate();
        Assert.Equal(0, await service.Weft.Exit());
        await client.ExpectClosed();
    }
}
