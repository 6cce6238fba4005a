using System.Text;

namespace Weft.Http.Tests.Http1;

public sealed class HeadLimitTests
{
    [Fact]
    public void A_head_as_large_as_the_limit_passes_and_one_byte_more_is_431()
    {
        const string Text = "GET / HTTP/1.1\r\nHost: a\r\nX: 12345\r\n\r\n";
        var limits = HeadLimits.Default with { MaxBytes = Text.Length };
        Assert.Equal(RejectReason.None, Wire.Refusal(Text, limits));
        Assert.Equal(RejectReason.None, Wire.Refusal(Text + "body that is not part of the head", limits));
        Assert.Equal(
            RejectReason.HeadTooLarge,
            Wire.Refusal(Text.Replace("12345", "123456", StringComparison.Ordinal), limits)
        );
        Assert.Equal(431, Rejection.StatusOf(RejectReason.HeadTooLarge));
        Assert.Equal("headers-too-large", Rejection.OfRequest(RejectReason.HeadTooLarge));
    }

    [Fact]
    public void An_endless_field_line_is_refused_at_the_limit()
    {
        var head = "GET / HTTP/1.1\r\nHost: a\r\nX: " + new string('x', HeadLimits.Default.MaxBytes);
        Assert.Equal(RejectReason.HeadTooLarge, Wire.Refusal(head));
        Assert.Equal(
            RejectReason.HeadTooLarge,
            Wire.ResponseRefusal("HTTP/1.1 200 " + head.Replace('\r', ' ').Replace('\n', ' '))
        );
    }

    [Fact]
    public void One_field_more_than_allowed_is_refused_before_its_value_is_read()
    {
        var text = new StringBuilder("GET / HTTP/1.1\r\nHost: a\r\n");
        for (var i = 1; i < HeadLimits.Default.MaxFields; i++)
        {
            text.Append("A: b\r\n");
        }

        Assert.Equal(RejectReason.None, Wire.Refusal(text + "\r\n"));
        Assert.Equal(RejectReason.TooManyFields, Wire.Refusal(text + "A:"));
        Assert.Equal(431, Rejection.StatusOf(RejectReason.TooManyFields));
    }

    [Fact]
    public void A_target_of_a_megabyte_is_refused_within_the_first_bytes_over_the_limit()
    {
        var bytes = Wire.Bytes("GET /" + new string('a', HeadLimits.Default.MaxTargetBytes));
        var parser = new Http1RequestParser();
        var head = new RequestHead();
        Assert.Equal(ParseStatus.Incomplete, parser.Parse(bytes, 0, bytes.Length - 1, head));
        Assert.Equal(ParseStatus.Rejected, parser.Parse(bytes, 0, bytes.Length, head));
        Assert.Equal(RejectReason.TargetTooLong, parser.Reason);
    }

    [Fact]
    public void A_rejected_parser_stays_rejected_until_it_is_reset()
    {
        var bad = Wire.Bytes("\n");
        var good = Wire.Bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var parser = new Http1RequestParser();
        var head = new RequestHead();
        Assert.Equal(ParseStatus.Rejected, parser.Parse(bad, 0, bad.Length, head));
        Assert.Equal(ParseStatus.Rejected, parser.Parse(good, 0, good.Length, head));
        parser.Reset();
        Assert.Equal(ParseStatus.Complete, parser.Parse(good, 0, good.Length, head));
    }

    [Theory]
    [InlineData(RejectReason.HeadTimeout, 408, "client-timeout")]
    [InlineData(RejectReason.BodyTooLarge, 413, "body-too-large")]
    [InlineData(RejectReason.MethodTooLong, 501, "bad-request")]
    [InlineData(RejectReason.UnsupportedVersion, 505, "bad-request")]
    [InlineData(RejectReason.MissingHost, 400, "bad-request")]
    public void Each_reason_has_a_status_and_a_contract_reason(RejectReason reason, int status, string name) =>
        Assert.Equal((status, name), (Rejection.StatusOf(reason), Rejection.OfRequest(reason)));
}
