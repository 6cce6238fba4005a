using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.HarnessTests;

public class LoadTests
{
    [Fact]
    public async Task every_outcome_is_recorded_with_who_served_it()
    {
        await using var upstream = await EchoUpstream.Start("one");
        var load = Load.Start(upstream.Address, "any");
        await load.Answers(500);
        await load.GoesTo("one");
        var outcomes = await load.StopWithoutFailure();
        Assert.Equal(upstream.Served, outcomes.Count);
        Assert.All(
            outcomes,
            o => Assert.Equal((200, null, "one", 3, null), (o.Status, o.WeftError, o.ServedBy, o.Bytes, o.Failure))
        );
    }

    [Fact]
    public async Task an_error_status_is_a_failure()
    {
        await using var upstream = await EchoUpstream.Start("one");
        var load = Load.Start(upstream.Address, "any", path: "/status/503");
        await load.Answers(10);
        var e = await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(load.StopWithoutFailure);
        Assert.Contains("Status = 503", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_broken_connection_is_a_failure_and_is_never_retried()
    {
        await using var upstream = await EchoUpstream.Start("one");
        var load = Load.Start(upstream.Address, "any", path: "/boom", connections: 1);
        await load.Answers(5);
        var outcomes = await load.Stop();
        Assert.All(outcomes, o => Assert.False(o.IsSuccess));
        Assert.Equal(upstream.Served, outcomes.Count);
    }

    [Fact]
    public async Task a_server_that_goes_away_ends_the_load_that_expects_it()
    {
        await using var upstream = await EchoUpstream.Start("one");
        var load = Load.Start(upstream.Address, "any", endsWhenRefused: true);
        await load.Answers(50);
        await upstream.Kill();
        await Eventually.Is(() => load.HasEnded, "the load ended by itself");
    }

    [Fact]
    public async Task a_server_comes_back_to_its_address()
    {
        await using var first = await EchoUpstream.Start("first");
        var load = Load.Start(first.Address, "any");
        await load.GoesTo("first");
        await first.Kill();
        await using var second = await EchoUpstream.Start("second", first.Address);
        await load.GoesTo("second");
        var outcomes = await load.Stop();
        Assert.Contains(outcomes, o => o.Failure is not null);
    }
}
