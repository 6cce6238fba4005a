using System.Net;
using System.Text;

namespace Weft.Proxy.Tests;

public class ContextFieldsTests
{
    [Theory]
    [InlineData("250ms", 250)]
    [InlineData("2s", 2000)]
    [InlineData("1m", 60_000)]
    [InlineData("1h", 3_600_000)]
    [InlineData("0ms", 0)]
    [InlineData("1.5s", 1500)]
    [InlineData("0.2ms", 1)]
    public void Durations_are_read_to_the_next_millisecond(string text, long milliseconds)
    {
        Assert.True(Read($"weft-timeout: {text}", out var read));
        Assert.Equal(milliseconds, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("ms")]
    [InlineData("-1s")]
    [InlineData("+1s")]
    [InlineData("5 ms")]
    [InlineData("5msx")]
    [InlineData("5MS")]
    [InlineData("5e3ms")]
    [InlineData("Infinitys")]
    [InlineData("NaNs")]
    [InlineData("1e400h")]
    [InlineData("99999999999h")]
    [InlineData("5d")]
    [InlineData("1,5s")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(Read($"weft-timeout: {text}", out _));

    [Fact]
    public void Without_the_field_there_is_no_limit()
    {
        Assert.True(Read("x: y", out var read));
        Assert.Null(read);
    }

    [Fact]
    public void The_shortest_of_several_counts()
    {
        Assert.True(Read("weft-timeout: 2s\nweft-timeout: 300ms\nWEFT-TIMEOUT: 1s", out var read));
        Assert.Equal(300, read);
    }

    [Fact]
    public void One_bad_field_among_good_ones_is_refused() =>
        Assert.False(Read("weft-timeout: 2s\nweft-timeout: soon", out _));

    [Theory]
    [InlineData(0, "0ms")]
    [InlineData(-5, "0ms")]
    [InlineData(1234, "1234ms")]
    public void What_is_written_is_what_the_next_hop_reads(long milliseconds, string text)
    {
        var buffer = new byte[32];
        var length = ContextFields.WriteTimeout(milliseconds, buffer);

        Assert.Equal(text, Encoding.ASCII.GetString(buffer, 0, length));
    }

    [Theory]
    [InlineData("via: 1.1 weft", 1)]
    [InlineData("via: 1.1 weft, 1.1 other, 1.1 weft\nvia: 1.1 weft", 3)]
    [InlineData("via: 1.1 proxy", 0)]
    [InlineData("x: 1.1 weft", 0)]
    public void Hops_are_counted_over_all_via_fields(string fields, int hops) =>
        Assert.Equal(hops, ContextFields.HopsOf(Heads.Request($"GET / HTTP/1.1\nHost: h\n{fields}")));

    [Fact]
    public void What_is_said_of_a_client_names_it_and_what_it_asked_for()
    {
        Assert.Equal(
            [
                ("x-forwarded-for", "10.0.0.9"),
                ("x-forwarded-proto", "http"),
                ("x-forwarded-host", "books:8080"),
                ("forwarded", "for=10.0.0.9;proto=http;host=\"books:8080\""),
            ],
            ContextFields.ForwardedOf(IPAddress.Parse("10.0.0.9"), "books:8080"u8).Fields
        );
    }

    [Fact]
    public void An_ipv6_client_is_quoted_as_rfc_7239_asks() =>
        Assert.Contains(
            ("forwarded", "for=\"[2001:db8::9]\";proto=http;host=\"h\""),
            ContextFields.ForwardedOf(IPAddress.Parse("2001:db8::9"), "h"u8).Fields
        );

    [Fact]
    public void A_request_without_host_says_nothing_of_one()
    {
        var fields = ContextFields.ForwardedOf(IPAddress.Loopback, ""u8).Fields;

        Assert.DoesNotContain(fields, f => f.Name == "x-forwarded-host");
        Assert.Contains(("forwarded", "for=127.0.0.1;proto=http"), fields);
    }

    private static bool Read(string fields, out long? milliseconds) =>
        ContextFields.TryReadTimeout(Heads.Request($"GET / HTTP/1.1\nHost: h\n{fields}"), out milliseconds);
}
