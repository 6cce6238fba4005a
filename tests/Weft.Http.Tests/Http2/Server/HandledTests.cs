namespace Weft.Http.Tests.Http2.Server;

/// <summary>When the handler may take back what it used for a stream.</summary>
public sealed class HandledTests
{
    [Fact]
    public async Task Streams_are_handed_back_when_they_were_served_and_not_after_a_defect()
    {
        await using var server = new Http2TestServer(async exchange =>
        {
            if (exchange.Request.Path.SequenceEqual("/defect"u8))
            {
                throw new InvalidOperationException("A defect.");
            }

            await Http2TestServer.AnswerAsync(exchange);
        });
        var outcomes = await server.OnLoopAsync(async () =>
        {
            var client = await ClientRun.ConnectAsync(server.Loop, server.EndPoint);
            var first = await client.GetAsync("/a");
            var defect = await client.GetAsync("/defect");
            var second = await client.GetAsync("/b");
            await client.EndAsync();
            return (first.Outcome, defect.Outcome, second.Outcome);
        });

        Assert.Equal((ResponseOutcome.Head, ResponseOutcome.ClosedMidway, ResponseOutcome.Head), outcomes);
        Assert.Equal(["/a", "/b"], server.Handled);
        Assert.Equal("A defect.", Assert.Single(server.Unhandled).Message);
        server.Unhandled.Clear();
    }
}
