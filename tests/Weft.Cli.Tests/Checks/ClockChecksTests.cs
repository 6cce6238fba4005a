using Weft.Cli.Checks;

namespace Weft.Cli.Tests.Checks;

public sealed class ClockChecksTests
{
    private static ClockReading Reading(double seconds) =>
        new(Samples.Now.AddSeconds(seconds), TimeSpan.Zero, Samples.Times);

    private static string[] Lines(double proxy, double control) =>
        ClockChecks
            .Of(
                Samples.Mesh(
                    Samples.Proxy with
                    {
                        Clock = Reading(proxy),
                    },
                    Samples.Control with
                    {
                        Clock = Reading(control),
                    }
                )
            )
            .Lines();

    [Theory]
    [InlineData(0, "ok", "agrees with this machine")]
    [InlineData(-2, "ok", "agrees with this machine")]
    [InlineData(3, "warning", "3s ahead of this machine")]
    [InlineData(-30, "warning", "30s behind this machine")]
    [InlineData(31, "error", "31s ahead of this machine")]
    [InlineData(-7200, "error", "2h behind this machine")]
    public void A_clock_that_goes_wrong_is_a_warning_and_then_an_error(double skew, string status, string detail) =>
        Assert.Equal($"{status} proxy 10.0.0.1:4191: {detail}", Lines(skew, 0)[0]);

    [Fact]
    public void Two_that_are_near_to_this_machine_may_be_far_from_each_other()
    {
        Assert.Equal("warning proxy 10.0.0.1:4191: 4s ahead of control 10.0.0.9:4190", Lines(2, -2)[^1]);
        Assert.Equal(2, Lines(1, -1).Length);
        // Told once, of the one that is wrong.
        Assert.Equal(2, Lines(5, 0).Length);
    }

    [Fact]
    public void A_slow_answer_makes_no_clock_wrong()
    {
        var slow = new AskedTimes(Samples.Now, Samples.Now.AddSeconds(60));

        Assert.Equal(TimeSpan.Zero, new ClockReading(Samples.Now.AddSeconds(59), TimeSpan.Zero, slow).Skew);
        Assert.Equal(TimeSpan.FromSeconds(5), new ClockReading(Samples.Now.AddSeconds(65), TimeSpan.Zero, slow).Skew);
        Assert.Equal(TimeSpan.FromSeconds(-5), new ClockReading(Samples.Now.AddSeconds(-5), TimeSpan.Zero, slow).Skew);
    }

    [Fact]
    public void A_date_is_right_to_the_second_only()
    {
        var times = new AskedTimes(Samples.Now.AddSeconds(0.9), Samples.Now.AddSeconds(0.9));
        var page = new Answer.Page(200, "", times, Date: Samples.Now);

        Assert.Equal(TimeSpan.Zero, ClockReading.Of(page, null)!.Skew);
        Assert.Equal(TimeSpan.FromSeconds(-0.9), ClockReading.Of(page, Samples.Now)!.Skew);
        Assert.Null(ClockReading.Of(page with { Date = null }, null));
    }
}
