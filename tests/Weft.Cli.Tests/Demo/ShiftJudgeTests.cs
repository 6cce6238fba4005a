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
        var verdict = _judge.TenthShifts(Row(430, Tenth));
        Assert.True(verdict is { IsSettled: true, Held: true }, verdict.Detail);
    }

    [Fact]
    public void Requests_from_before_the_shift_do_not_count_into_its_share()
    {
        Sample[] samples = [.. Row(1000, (_, at) => Good(at, V1, V1)), .. Row(430, Tenth, 5000)];
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
        Assert.False(_judge.TenthShifts([Lost(0), .. Row(430, Tenth)]).Held);
        Assert.False(_judge.AllShifts([Lost(0), .. Row(100, (_, at) => Good(at))], TimeSpan.Zero).Held);
    }

    [Fact]
    public void All_calls_have_shifted_after_enough_pages_without_version_1()
    {
        Sample[] shifting = [.. Row(50, (_, at) => Good(at, V1, V2B)), .. Row(399, (_, at) => Good(at), 1000)];
        Assert.False(_judge.AllShifts(shifting, TimeSpan.Zero).IsSettled);
        var verdict = _judge.AllShifts([.. shifting, Good(5000)], TimeSpan.Zero);
        Assert.True(verdict is { IsSettled: true, Held: true }, verdict.Detail);
        Assert.Contains("after 0.27 s", verdict.Detail, StringComparison.Ordinal); // 49 * 5 ms + 20 ms
    }

    [Fact]
    public void A_caller_that_still_reaches_version_1_has_not_shifted()
    {
        var samples = Row(600, (i, at) => Good(at, V2A, i % 30 == 0 ? V1 : V2B));
        Assert.False(_judge.AllShifts(samples, TimeSpan.Zero).Held);
    }

    [Fact]
    public void Every_page_after_the_shift_must_be_one()
    {
        Assert.False(_judge.AllShifts([.. Row(400, (_, at) => Good(at)), Fault(3000)], TimeSpan.Zero).Held);
        Assert.False(_judge.AllShifts(Row(99, (_, at) => Good(at)), TimeSpan.Zero).Held);
    }

    [Fact]
    public void A_late_failure_of_version_1_belongs_to_the_time_before_the_shift_unless_it_was_lost()
    {
        var pages = Row(400, (_, at) => Good(at), fromMs: 120);
        Assert.True(_judge.AllShifts([Fault(99), .. pages], Ms(100)).Held);
        Assert.False(_judge.AllShifts([Lost(99), .. pages], Ms(100)).Held);
    }

    private static Sample OftenSpoilt(int i, double at) => i % 25 < 11 ? Fault(at) : Good(at, V1, V1);

    // 13 of a hundred: a tenth of the attempts, of which version 1 answers only three in four.
    private static Sample Tenth(int i, double at) =>
        Good(at, IsThirteenth(i) ? V2A : V1, IsThirteenth(i + 3) ? V2B : V1);

    private static bool IsThirteenth(int i) => i * 13 % 100 < 13;
}
