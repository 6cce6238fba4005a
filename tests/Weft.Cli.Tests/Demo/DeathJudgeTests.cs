using Weft.Cli.Demo;
using static Weft.Cli.Tests.Demo.Visits;

namespace Weft.Cli.Tests.Demo;

public class DeathJudgeTests
{
    private static readonly Death Death = new(V2B, Began: Ms(1000), Gone: Ms(1010));
    private static readonly Sample[] Before = Row(100, (i, at) => Good(at, V2A, i % 2 == 0 ? V2A : V2B));

    // Five under way at once: one begins every 5 ms and takes 20.
    private static readonly Sample[] UnderWay = Row(4, (_, at) => Good(at), fromMs: 985);
    private static readonly Sample[] Later = Row(400, (_, at) => Good(at), fromMs: 1011);

    private readonly Judge _judge = new(new Evidence(Minimum: 100, Wanted: 400));

    [Fact]
    public void A_death_that_costs_nothing_holds() => Assert.True(Judged([.. UnderWay, .. Later]).Held);

    [Fact]
    public void What_was_under_way_may_fail()
    {
        var verdict = Judged([.. UnderWay.Select(s => Lost(s.Started.TotalMilliseconds)), .. Later]);
        Assert.True(verdict is { IsSettled: true, Held: true }, verdict.Detail);
        Assert.Contains("4 requests under way: 4 of them lost", verdict.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_came_later_may_not_fail()
    {
        var verdict = Judged([.. UnderWay, .. Later, Lost(1500)]);
        Assert.False(verdict.Held);
        Assert.Contains("1 of the 401 that came later (502 connect-failed)", verdict.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_was_under_way_at_once_may_not_fail()
    {
        // One after the other while the endpoint dies: never two at once, so a second failure is one too many.
        Sample[] dying = [Lost(1001) with { Ended = Ms(1003) }, Lost(1005) with { Ended = Ms(1007) }];
        Assert.Equal(1, Judge.MostAtOnce(dying, [], Death));
        Assert.True(Judged([dying[0], .. Later]).Held);
        Assert.False(Judged([.. dying, .. Later]).Held);
    }

    [Fact]
    public void Requests_that_hang_are_waited_for_and_count_as_failed()
    {
        var verdict = Judged([.. UnderWay, .. Later], [Ms(999)]);
        Assert.False(verdict.IsSettled || verdict.IsEnough);
        Assert.True(verdict.Held, verdict.Detail);
        Assert.Contains("5 requests under way: 1 of them lost", verdict.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_version_1_fails_was_not_lost_by_the_death() =>
        Assert.True(Judged([.. UnderWay, .. Later, Fault(2000)]).Held);

    [Fact]
    public void Requests_of_now_are_not_waited_for() =>
        Assert.True(Judged([.. UnderWay, .. Later], [Ms(3000)]).IsSettled);

    [Fact]
    public void The_death_of_an_endpoint_without_traffic_proves_nothing()
    {
        var verdict = _judge.DeathCostsNoMore(Row(100, (_, at) => Good(at)), Later, [], Death);
        Assert.False(verdict.Held);
        Assert.Contains("no traffic before", verdict.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_requests_prove_nothing() => Assert.False(Judged([.. UnderWay, .. Later[..99]]).Held);

    [Fact]
    public void Most_at_once_counts_those_under_way_while_it_died()
    {
        Assert.Equal(0, Judge.MostAtOnce([Good(900), Good(1011)], [], Death));
        Assert.Equal(3, Judge.MostAtOnce([Good(981), Good(990), Good(1010)], [], Death) + 1);
        Assert.Equal(2, Judge.MostAtOnce([Good(995)], [Ms(700)], Death));
    }

    private Verdict Judged(Sample[] samples, TimeSpan[]? outstanding = null) =>
        _judge.DeathCostsNoMore(Before, samples, outstanding ?? [], Death);
}
