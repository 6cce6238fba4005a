using Weft.Cli.Demo;
using static Weft.Cli.Tests.Demo.Visits;

namespace Weft.Cli.Tests.Demo;

public class RetryJudgeTests
{
    private readonly Judge _judge = new(new Evidence(Minimum: 100, Wanted: 400));

    [Fact]
    public void Failures_are_hidden_when_pages_succeed_after_the_change_has_come_into_force()
    {
        Sample[] samples = [.. Row(100, Spoilt), .. Row(440, (_, at) => Good(at, V1, V1), fromMs: 1000)];
        var verdict = _judge.RetriesHide(samples, TimeSpan.Zero);
        Assert.True(verdict is { IsSettled: true, Held: true }, verdict.Detail);
        Assert.StartsWith("100.0 % of 4", verdict.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Failures_that_go_on_are_not_hidden()
    {
        var verdict = _judge.RetriesHide(Row(600, Spoilt), TimeSpan.Zero);
        Assert.False(verdict.IsEnough || verdict.Held);
        Assert.StartsWith("pages go on failing", verdict.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, true)] // 1 in 100 of them
    [InlineData(5, false)]
    public void Hardly_a_page_fails_while_failures_are_hidden(int faults, bool held)
    {
        var pages = Row(450, (_, at) => Good(at, V1, V1));
        var failed = Row(faults, (_, at) => Fault(at), fromMs: 2250);
        Assert.Equal(held, _judge.RetriesHide([.. pages, .. failed], TimeSpan.Zero).Held);
    }

    [Fact]
    public void A_lost_request_is_not_hidden() =>
        Assert.False(_judge.RetriesHide([Lost(0), .. Row(450, (_, at) => Good(at, V1, V1))], TimeSpan.Zero).Held);

    [Theory]
    [InlineData(1000, 750, 250, true)]
    [InlineData(1000, 1000, 250, false)] // they would hide it, too
    [InlineData(1000, 750, 0, false)] // nothing was tried again
    [InlineData(0, 0, 0, false)]
    public void The_attempts_tell_what_version_1_answers(int attempts, int successes, int retries, bool held)
    {
        var hidden = new Verdict(IsEnough: true, IsSettled: true, Held: true, "all is well");
        var verdict = Judge.AttemptsTell(hidden, new AuthorsTally(attempts, successes, retries, []));
        Assert.Equal(held, verdict.Held);
        Assert.StartsWith("all is well; authors answered", verdict.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_did_not_hold_for_the_visitors_does_not_hold() =>
        Assert.False(Judge.AttemptsTell(default, new AuthorsTally(1000, 750, 250, [])).Held);

    private static Sample Spoilt(int i, double at) => i % 25 < 11 ? Fault(at) : Good(at, V1, V1);
}
