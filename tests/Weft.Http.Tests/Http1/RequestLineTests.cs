namespace Weft.Http.Tests.Http1;

public sealed class RequestLineTests
{
    private const string Host = "Host: a\r\n\r\n";

    [Theory]
    [InlineData("GET", RequestMethod.Get)]
    [InlineData("HEAD", RequestMethod.Head)]
    [InlineData("POST", RequestMethod.Post)]
    [InlineData("PUT", RequestMethod.Put)]
    [InlineData("DELETE", RequestMethod.Delete)]
    [InlineData("OPTIONS", RequestMethod.Options)]
    [InlineData("TRACE", RequestMethod.Trace)]
    [InlineData("PATCH", RequestMethod.Patch)]
    [InlineData("get", RequestMethod.Other)]
    [InlineData("PURGE", RequestMethod.Other)]
    [InlineData("M-SEARCH", RequestMethod.Other)]
    public void Methods_are_recognised_by_exact_case(string name, RequestMethod method)
    {
        var head = Wire.Request($"{name} / HTTP/1.1\r\n{Host}");
        Assert.Equal((method, name), (head.Method, Wire.Text(head.MethodSpan)));
    }

    [Theory]
    [InlineData(" / HTTP/1.1\r\n", RejectReason.InvalidMethod)]
    [InlineData("G\x01T / HTTP/1.1\r\n", RejectReason.InvalidMethod)]
    [InlineData("G\xc9T / HTTP/1.1\r\n", RejectReason.InvalidMethod)]
    [InlineData("GET\t/ HTTP/1.1\r\n", RejectReason.InvalidMethod)]
    [InlineData("GET\r\n", RejectReason.InvalidMethod)]
    [InlineData("GET\n", RejectReason.BareLineFeed)]
    [InlineData("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG", RejectReason.MethodTooLong)]
    [InlineData("\x16\x03\x01", RejectReason.InvalidMethod)]
    public void A_broken_method_is_refused_as_soon_as_it_is_seen(string text, RejectReason reason) =>
        Assert.Equal(reason, Wire.Refusal(text));

    [Theory]
    [InlineData("GET  HTTP/1.1\r\n", RejectReason.InvalidTarget)]
    [InlineData("GET  / HTTP/1.1\r\n", RejectReason.InvalidTarget)]
    [InlineData("GET /a\tb HTTP/1.1\r\n", RejectReason.InvalidTarget)]
    [InlineData("GET /a\0b HTTP/1.1\r\n", RejectReason.InvalidTarget)]
    [InlineData("GET /a\x7f HTTP/1.1\r\n", RejectReason.InvalidTarget)]
    [InlineData("GET /caf\xe9 HTTP/1.1\r\n", RejectReason.InvalidTarget)]
    [InlineData("GET /a#f HTTP/1.1\r\n", RejectReason.InvalidTarget)]
    [InlineData("GET /\r\n", RejectReason.InvalidTarget)]
    [InlineData("GET /\n", RejectReason.BareLineFeed)]
    public void White_space_control_bytes_other_scripts_and_fragments_in_the_target_are_refused(
        string text,
        RejectReason reason
    ) => Assert.Equal(reason, Wire.Refusal(text));

    [Theory]
    [InlineData("GET / \r\n", RejectReason.InvalidVersion)]
    [InlineData("GET / b HTTP/1.1\r\n", RejectReason.InvalidVersion)]
    [InlineData("GET / http/1.1\r\n", RejectReason.InvalidVersion)]
    [InlineData("GET / HTTP/1.1 \r\n", RejectReason.InvalidVersion)]
    [InlineData("GET / HTTP/1.10\r\n", RejectReason.InvalidVersion)]
    [InlineData("GET / HTTP/11\r\n", RejectReason.InvalidVersion)]
    [InlineData("GET / HTTP/1.1\n", RejectReason.BareLineFeed)]
    [InlineData("GET / HTTP/1.1\r\r", RejectReason.BareCarriageReturn)]
    [InlineData("GET / HTTP/1.2\r\n", RejectReason.UnsupportedVersion)]
    [InlineData("GET / HTTP/0.9\r\n", RejectReason.UnsupportedVersion)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", RejectReason.InvalidTarget)]
    [InlineData("GET / HTTP/2.0\r\n", RejectReason.UnsupportedVersion)]
    public void Only_http_1_0_and_1_1_are_spoken(string text, RejectReason reason) =>
        Assert.Equal(reason, Wire.Refusal(text));

    [Fact]
    public void A_target_as_long_as_the_limit_passes_and_one_byte_more_is_414()
    {
        var limits = HeadLimits.Default with { MaxTargetBytes = 10 };
        Assert.Equal(RejectReason.None, Wire.Refusal($"GET /123456789 HTTP/1.1\r\n{Host}", limits));
        Assert.Equal(RejectReason.TargetTooLong, Wire.Refusal("GET /1234567890", limits));
        Assert.Equal(414, Rejection.StatusOf(RejectReason.TargetTooLong));
        Assert.Equal("uri-too-long", Rejection.OfRequest(RejectReason.TargetTooLong));
    }
}
