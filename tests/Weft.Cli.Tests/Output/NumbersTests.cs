using Weft.Cli.Output;

namespace Weft.Cli.Tests.Output;

public sealed class NumbersTests
{
    [Theory]
    [InlineData(1.0, "100%")]
    [InlineData(0.999999, "99.99%")]
    [InlineData(0.5, "50%")]
    [InlineData(0.12347, "12.35%")]
    [InlineData(0.0000001, "0.01%")]
    [InlineData(0.0, "0%")]
    [InlineData(null, "-")]
    public void A_share_is_never_rounded_to_all_or_nothing(double? share, string text) =>
        Assert.Equal(text, Numbers.Percent(share));

    [Theory]
    [InlineData(0.0001234, "0.12ms")]
    [InlineData(0.0123, "12.3ms")]
    [InlineData(0.123, "123ms")]
    [InlineData(1.234, "1.23s")]
    [InlineData(double.NaN, "-")]
    public void A_latency_has_three_digits(double seconds, string text) => Assert.Equal(text, Numbers.Latency(seconds));

    [Theory]
    [InlineData(-5, "0s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(7200, "2h")]
    [InlineData(172_800, "2d")]
    public void An_age_has_two_digits_or_so(int seconds, string text) =>
        Assert.Equal(text, Numbers.Age(TimeSpan.FromSeconds(seconds)));
}
