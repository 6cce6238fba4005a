namespace Weft.Telemetry.Tests.Exposition;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Samples_are_read_with_what_the_format_allows_around_them()
    {
        var samples = PrometheusText.Parse(
            "# HELP a b\r\n\n  # comment\na 1\r\n  b_total { x = \"1\" , y=\"2\", }\t2.5e3 1700000000\nc{} NaN\nd{le=\"0.1\"} -Inf\n"
                + "e_bucket{le=\"1.0\"} 7 # {trace=\"abc\"} 0.5 1.0\n# EOF"
        );
        Assert.Equal(["a", "b_total", "c", "d", "e_bucket"], samples.Select(sample => sample.Name));
        Assert.Equal([1, 2500, double.NaN, double.NegativeInfinity, 7], samples.Select(sample => sample.Value));
        Assert.Equal("2", samples[1]["y"]);
        Assert.Null(samples[1]["z"]);
    }

    [Theory]
    [InlineData("a", "line 1, column 2: expected a number")]
    [InlineData("a x", "line 1, column 3: expected a number")]
    [InlineData("a 1e999", "line 1, column 3: expected a number")]
    [InlineData("a 1 2 3", "line 1, column 7: expected the end of the line")]
    [InlineData("a 1 x", "line 1, column 5: expected a timestamp")]
    [InlineData("ok 1\n9a 1", "line 2, column 1: expected the name of a metric")]
    [InlineData("a{b=\"c} 1", "line 1, column 10: expected '\"'")]
    [InlineData("a{b=c} 1", "line 1, column 5: expected '\"'")]
    [InlineData("a{b} 1", "line 1, column 4: expected '='")]
    [InlineData("a{b=\"c\" d=\"e\"} 1", "line 1, column 9: expected ','")]
    [InlineData("a{b=\"c\"", "line 1, column 8: expected ','")]
    [InlineData("a{", "line 1, column 3: expected the name of a label")]
    [InlineData("a{b=\"\\x\"} 1", "line 1, column 7: expected '\\\\', '\\\"' or '\\n'")]
    [InlineData("a{b=\"1\",b=\"2\"} 1", "line 1, column 9: expected a label that is not there yet")]
    public void What_cannot_be_read_is_named_with_its_place(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => PrometheusText.Parse(text)).Message);

    [Fact]
    public void A_page_is_bounded()
    {
        var labels = string.Join(',', Enumerable.Range(0, 65).Select(i => $"l{i}=\"\""));
        Assert.Throws<FormatException>(() => PrometheusText.Parse($"a{{{labels}}} 1"));
        Assert.Throws<FormatException>(() => PrometheusText.Parse(new string('a', 70_000) + " 1"));
        var many = string.Concat(Enumerable.Repeat("a 1\n", PrometheusText.MaxSamples));
        Assert.Equal(PrometheusText.MaxSamples, PrometheusText.Parse(many).Count);
        Assert.Throws<FormatException>(() => PrometheusText.Parse(many + "a 1\n"));
    }
}
