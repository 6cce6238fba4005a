using System.Net;
using Weft.Resources.Scalars;

namespace Weft.Resources.Tests.Scalars;

public sealed class ScalarTests
{
    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("2s", 2000)]
    [InlineData("1.5s", 1500)]
    [InlineData("1m", 60_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("0s", 0)]
    [InlineData("0.25ms", 0.25)]
    [InlineData("8760h", 31_536_000_000d)]
    public void Durations_are_a_number_and_a_unit(string text, double milliseconds)
    {
        Assert.True(DurationText.TryParse(text, out var value));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("5")]
    [InlineData("5 s")]
    [InlineData("-5s")]
    [InlineData("5S")]
    [InlineData("1m30s")]
    [InlineData(".5s")]
    [InlineData("5.s")]
    [InlineData("1.2.3s")]
    [InlineData("1e3s")]
    [InlineData("8761h")]
    [InlineData("99999999999999999999999999999999999999h")]
    public void What_is_not_a_duration_is_refused(string text) => Assert.False(DurationText.TryParse(text, out _));

    [Theory]
    [InlineData("0s")]
    [InlineData("90s")]
    [InlineData("2m")]
    [InlineData("36h")]
    [InlineData("1500ms")]
    [InlineData("0.25ms")]
    public void Durations_are_shown_in_the_largest_unit_that_fits(string text)
    {
        Assert.True(DurationText.TryParse(text, out var value));
        Assert.Equal(text, DurationText.Show(value));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("8192", 8192)]
    [InlineData("10B", 10)]
    [InlineData("64KiB", 65536)]
    [InlineData("1.5KiB", 1536)]
    [InlineData("1MiB", 1048576)]
    [InlineData("1024GiB", 1L << 40)]
    public void Sizes_are_bytes_with_or_without_a_binary_unit(string text, long bytes)
    {
        Assert.True(SizeText.TryParse(text, out var value));
        Assert.Equal(bytes, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("KiB")]
    [InlineData("64KB")]
    [InlineData("64 KiB")]
    [InlineData("-1")]
    [InlineData("0.3B")]
    [InlineData("1025GiB")]
    [InlineData("99999999999999999999")]
    public void What_is_not_a_size_is_refused(string text) => Assert.False(SizeText.TryParse(text, out _));

    [Theory]
    [InlineData("0.25", 0.25)]
    [InlineData("25%", 0.25)]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("100%", 1)]
    [InlineData("0.5%", 0.005)]
    public void Ratios_are_numbers_or_percentages(string text, double ratio)
    {
        Assert.True(RatioText.TryParse(text, out var value));
        Assert.Equal(ratio, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("%")]
    [InlineData("1.1")]
    [InlineData("101%")]
    [InlineData("-0.1")]
    [InlineData("NaN")]
    [InlineData("25 %")]
    public void What_is_not_a_ratio_is_refused(string text) => Assert.False(RatioText.TryParse(text, out _));

    [Theory]
    [InlineData("127.0.0.1:4140")]
    [InlineData("0.0.0.0:0")]
    [InlineData("[::1]:4140")]
    [InlineData("[::]:65535")]
    public void Addresses_are_an_ip_address_and_a_port(string text)
    {
        Assert.True(AddressText.TryParse(text, out var value));
        Assert.Equal(IPEndPoint.Parse(text), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":4140")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("127.0.0.1: 80")]
    [InlineData("127.1:80")]
    [InlineData("0x7f.0.0.1:80")]
    [InlineData("127.0.0.010:80")]
    [InlineData("::1:4140")]
    [InlineData("[127.0.0.1]:80")]
    [InlineData("localhost:80")]
    public void What_is_not_an_address_is_refused(string text) => Assert.False(AddressText.TryParse(text, out _));

    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("10.0.0.7", "10.0.0.7/32")]
    [InlineData("fd00::/8", "fd00::/8")]
    [InlineData("::1", "::1/128")]
    public void Networks_are_a_prefix_or_one_address(string text, string network)
    {
        Assert.True(NetworkText.TryParse(text, out var value));
        Assert.Equal(IPNetwork.Parse(network), value);
    }

    [Theory]
    [InlineData("10.1.2.3/8")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/")]
    [InlineData("10")]
    [InlineData("host")]
    public void What_is_not_a_network_is_refused(string text) => Assert.False(NetworkText.TryParse(text, out _));

    [Theory]
    [InlineData("5xx", 500, 599)]
    [InlineData("429", 429, 429)]
    public void Statuses_are_codes_or_classes(string text, int from, int to)
    {
        Assert.True(StatusRange.TryParse(text, out var range));
        Assert.Equal(new StatusRange(from, to), range);
        Assert.Equal(text, range.ToString());
        Assert.True(range.Contains(from) && range.Contains(to));
        Assert.False(range.Contains(from - 1) || range.Contains(to + 1));
    }
}
