namespace Weft.Http.Tests.Http1;

public sealed class FieldLineTests
{
    [Theory]
    [InlineData("A: b\n", RejectReason.BareLineFeed)]
    [InlineData("\n", RejectReason.BareLineFeed)]
    [InlineData("A\n", RejectReason.BareLineFeed)]
    [InlineData("A: b\rc\r\n", RejectReason.BareCarriageReturn)]
    [InlineData("A: b\r\r\n", RejectReason.BareCarriageReturn)]
    [InlineData("\r\r", RejectReason.BareCarriageReturn)]
    [InlineData("A: b\0", RejectReason.ControlByte)]
    [InlineData("A: b\x01", RejectReason.ControlByte)]
    [InlineData("A: \x0b", RejectReason.ControlByte)]
    [InlineData("A: b\x7f", RejectReason.ControlByte)]
    [InlineData("A\0: b", RejectReason.InvalidFieldName)]
    [InlineData("A\r\n", RejectReason.InvalidFieldName)]
    [InlineData("A b: c", RejectReason.WhitespaceBeforeColon)]
    [InlineData("A : b", RejectReason.WhitespaceBeforeColon)]
    [InlineData("A\t: b", RejectReason.WhitespaceBeforeColon)]
    [InlineData(": b", RejectReason.EmptyFieldName)]
    [InlineData("A\"B: c", RejectReason.InvalidFieldName)]
    [InlineData("A(B): c", RejectReason.InvalidFieldName)]
    [InlineData("\xc4: c", RejectReason.InvalidFieldName)]
    [InlineData(" A: b", RejectReason.ObsoleteFolding)]
    [InlineData("A: b\r\n c\r\n", RejectReason.ObsoleteFolding)]
    [InlineData("A: b\r\n\tc\r\n", RejectReason.ObsoleteFolding)]
    public void A_line_that_could_be_read_in_two_ways_is_refused_as_soon_as_it_is_seen(string text, RejectReason reason)
    {
        Assert.Equal(reason, Wire.Refusal("GET / HTTP/1.1\r\nHost: a\r\n" + text));
        Assert.Equal(reason, Wire.ResponseRefusal("HTTP/1.1 200 OK\r\n" + text));
        Assert.Equal(400, Rejection.StatusOf(reason));
        Assert.Equal("bad-request", Rejection.OfRequest(reason));
    }

    [Theory]
    [InlineData("A: b", "b")]
    [InlineData("A:b", "b")]
    [InlineData("A:\t \tb\tc \t ", "b\tc")]
    [InlineData("A:", "")]
    [InlineData("A:   ", "")]
    [InlineData("A: caf\xe9 \xff", "caf\xe9 \xff")]
    [InlineData("!#$%&'*+-.^_`|~09azAZ: :x:", ":x:")]
    public void White_space_around_a_value_is_not_part_of_it(string line, string value)
    {
        var head = Wire.Request($"GET / HTTP/1.1\r\nHost: a\r\n{line}\r\n\r\n");
        Assert.Equal(value, Wire.Text(head.Value(1)));
        Assert.Equal(line[..line.IndexOf(':', StringComparison.Ordinal)], Wire.Text(head.Name(1)));
    }
}
