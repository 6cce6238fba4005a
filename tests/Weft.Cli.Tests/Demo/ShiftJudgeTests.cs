using Weft.Cli.Demo;
using static Weft.Cli.Tests.Demo.Visits;

namespace Weft.Cli.Tests.Demo;

public class ShiftJudgeTests
{
    private readonly Judge _judge = new(new Evidence(Minimum: 100, Wanted: 400));

    [Fact]
    public void Failures_show_when_as_many_pages_fail_as_version_1_spoils()
    {
        var verdict = _judge.FailuresShow(Row(400, OftenSpoilt), TimeSpan.Zero);
        Assert.True(verdict.IsSettled);
        Assert.True(verdict.Held, verdict.Detail);
        Assert.Contains("44.0 % of 400 pages failed", verdict.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(99, false, false)]
    [InlineData(100, true, false)]
    [InlineData(399, true, false)]
    [InlineData(400, true, true)]
    public void Only_what_is_enough_to_judge_by_can_hold_and_only_what_is_wanted_ends_the_wait(
        int requests,
        bool isEnough,
        bool isSettled
    )
    {
        var verdict = _judge.FailuresShow(Row(requests, OftenSpoilt), TimeSpan.Zero);
        Assert.Equal((isEnough, isSettled, isEnough), (verdict.IsEnough, verdict.IsSettled, verdict.Held));
        Assert.Equal(!isEnough, verdict.Detail.Contains("too few to judge by: 100", StringComparison.Ordinal));
    }

    [Fact]
    public void A_mesh_that_hides_the_failures_does_not_hold() =>
        Assert.False(_judge.FailuresShow(Row(400, (_, at) => Good(at, V1, V1)), TimeSpan.Zero).Held);

    [Fact]
    public void A_lost_request_is_no_failure_of_version_1()
    {
        var verdict = _judge.FailuresShow([.. Row(400, OftenSpoilt), Lost(1)], TimeSpan.Zero);
        Assert.False(verdict.Held);
        Assert.Contains("1 of 401 requests lost (502 connect-failed)", verdict.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tenth_shifts_when_version_2_answers_a_tenth_of_the_calls()
    {
        var verdict = _judge.TenthShifts(Row(430, (i, at) => Tenth(i, at)));
        Assert.True(verdict is { IsSettled: true, Held: true }, verdict.Detail);
    }

    [Fact]
    public void Requests_from_before_the_shift_do_not_count_into_its_share()
    {
        Sample[] samples = [.. Row(1000, (_, at) => Good(at, V1, V1)), .. Row(430, (i, at) => Tenth(i, at), 5000)];
        Assert.True(_judge.TenthShifts(samples).Held);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(100)]
    public void A_half_or_a_hundredth_is_no_tenth(int every)
    {
        var samples = Row(600, (i, at) => i % every == 0 ? Good(at) : Good(at, V1, V1));
        Assert.False(_judge.TenthShifts(samples).Held);
    }

    [Fact]
    public void A_tenth_has_not_shifted_while_one_caller_knows_nothing_of_it()
    {
        var samples = Row(600, (i, at) => Good(at, i % 10 == 0 ? V2A : V1, V1));
        var verdict = _judge.TenthShifts(samples);
        Assert.False(verdict.Held);
        Assert.StartsWith("not every caller", verdict.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shift_that_loses_a_request_does_not_hold()
    {
        Assert.False(_judge.TenthShifts([Lost(0), .. Row(430, (i, at) => Tenth(i, at))]).Held);
        Assert.False(Judge.AllShifts([Lost(0), .. Row(100, (_, at) => Good(at))], TimeSpan.Zero).Held);
    }

    [Fact]
    public void All_calls_have_shifted_after_enough_pages_without_version_1()
    {
        Sample[] shifting = [.. Row(50, (_, at) => Good(at, V1, V2B)), .. Row(39, (_, at) => Good(at), 1000)];
        Assert.False(Judge.AllShifts(shifting, TimeSpan.Zero).IsSettled);
        var verdict = Judge.AllShifts([.. shifting, Good(2000)], TimeSpan.Zero);
        Assert.True(verdict is { IsSettled: true, Held: true }, verdict.Detail);
        Assert.Contains("after 0.27 s", verdict.Detail, StringComparison.Ordinal); // 49 * 5 ms + 20 ms
    }

    [Fact]
    public void A_caller_that_still_reaches_version_1_has_not_shifted()
    {
        var samples = Row(600, (i, at) => Good(at, V2A, i % 30 == 0 ? V1 : V2B));
        Assert.False(Judge.AllShifts(samples, TimeSpan.Zero).Held);
    }

    [Fact]
    public void Success_has_returned_when_every_page_is_one()
    {
        Assert.True(_judge.SuccessReturns(Row(400, (_, at) => Good(at)), TimeSpan.Zero).Held);
        Assert.False(_judge.SuccessReturns([.. Row(400, (_, at) => Good(at)), Fault(3)], TimeSpan.Zero).Held);
        Assert.False(_judge.SuccessReturns(Row(99, (_, at) => Good(at)), TimeSpan.Zero).Held);
    }

    [Fact]
    public void A_late_failure_of_a_request_from_before_does_not_spoil_the_return_unless_it_was_lost()
    {
        var pages = Row(400, (_, at) => Good(at), fromMs: 100);
        Assert.True(_judge.SuccessReturns([Fault(99), .. pages], Ms(100)).Held);
        Assert.False(_judge.SuccessReturns([Lost(99), .. pages], Ms(100)).Held);
    }

    private static Sample OftenSpoilt(int i, double at) => i % 25 < 11 ? Fault(at) : Good(at, V1, V1);

    private static Sample Tenth(int i, double at) => Good(at, i % 10 == 0 ? V2A : V1, i % 10 == 5 ? V2B : V1);
}
