using System.Text;
using static Weft.Resilience.Nanoseconds;

namespace Weft.Resilience.Tests.Retries;

public sealed class RetryHoldTests
{
    private static readonly DateTimeOffset Now = new(1994, 11, 6, 8, 49, 7, TimeSpan.Zero);

    [Theory]
    [InlineData("120", 120)]
    [InlineData(" 5 ", 5)]
    [InlineData("0", 0)]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT", 30)]
    [InlineData("Sun, 06 Nov 1994 08:49:00 GMT", 0)]
    public void retry_after_is_seconds_or_a_date(string value, long seconds) =>
        Assert.Equal(RetryHold.For(seconds * PerSecond), Read(value));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("Sun, 06 Nov 1994 08:49:37 GMT and more")]
    public void a_garbled_retry_after_says_nothing(string value) => Assert.Equal(default, Read(value));

    [Theory]
    [InlineData("9999999999999")]
    [InlineData("99999999999999999999999999")]
    public void a_retry_after_beyond_all_bounds_is_a_century(string value) =>
        Assert.InRange(Read(value).Wait, 99L * 365 * 86_400 * PerSecond, long.MaxValue);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("250", 250)]
    public void pushback_is_milliseconds(string value, long milliseconds) =>
        Assert.Equal(
            RetryHold.For(milliseconds * PerMillisecond),
            RetryHold.FromPushback(Encoding.ASCII.GetBytes(value))
        );

    [Theory]
    [InlineData("-1")]
    [InlineData("never")]
    [InlineData("")]
    [InlineData("99999999999999")]
    public void any_other_pushback_means_stop(string value) =>
        Assert.True(RetryHold.FromPushback(Encoding.ASCII.GetBytes(value)).IsStop);

    private static RetryHold Read(string value) => RetryHold.FromRetryAfter(Encoding.ASCII.GetBytes(value), Now);
}
