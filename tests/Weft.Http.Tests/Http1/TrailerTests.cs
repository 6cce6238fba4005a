namespace Weft.Http.Tests.Http1;

public sealed class TrailerTests
{
    [Fact]
    public void Trailers_are_kept_in_order()
    {
        var outcome = Chunks.Decode("0\r\nGrpc-Status: 0\r\nX-Sum:  1 \r\n\r\nrest");
        Assert.Equal("\nGrpc-Status(GrpcStatus)=[0]\nX-Sum(None)=[1]", outcome.Trailers);
    }

    [Theory]
    [InlineData("Content-Length: 5")]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("Host: evil")]
    [InlineData("Authorization: x")]
    [InlineData("Cookie: x")]
    [InlineData("Connection: close")]
    [InlineData("weft-dtab: /svc => /evil")]
    [InlineData("weft-anything: x")]
    [InlineData("l5d-anything: x")]
    public void Fields_that_decide_how_a_message_is_read_or_routed_are_dropped(string line)
    {
        var trailers = new TrailerFields();
        Chunks.Decode(Wire.Bytes($"0\r\nA: b\r\n{line}\r\nC: d\r\n\r\n"), trailers);
        Assert.Equal("A: b\r\nC: d\r\n", Wire.Written(trailers));
    }

    [Theory]
    [InlineData("A b: c\r\n\r\n", RejectReason.WhitespaceBeforeColon)]
    [InlineData("A: b\n", RejectReason.BareLineFeed)]
    [InlineData("A: b\r\n c", RejectReason.ObsoleteFolding)]
    [InlineData(" A: b", RejectReason.ObsoleteFolding)]
    [InlineData(": b", RejectReason.EmptyFieldName)]
    [InlineData("A: \0", RejectReason.ControlByte)]
    public void Trailer_lines_follow_the_rules_of_head_lines(string lines, RejectReason reason) =>
        Assert.Equal((ChunkStep.Rejected, reason), Refusal(lines));

    [Fact]
    public void Trailers_are_bounded_in_number()
    {
        var most = string.Concat(Enumerable.Repeat("A: b\r\n", TrailerFields.MaxFields));
        Assert.Equal((ChunkStep.End, RejectReason.None), Refusal(most + "\r\n"));
        Assert.Equal((ChunkStep.Rejected, RejectReason.TooManyFields), Refusal(most + "A: b\r\n\r\n"));
    }

    [Fact]
    public void Trailers_are_bounded_in_bytes()
    {
        // 'A: ' + value + CR LF CR LF
        var most = new string('x', TrailerFields.MaxBytes - 7);
        Assert.Equal((ChunkStep.End, RejectReason.None), Refusal($"A: {most}\r\n\r\n"));
        Assert.Equal((ChunkStep.Rejected, RejectReason.TrailersTooLarge), Refusal($"A: {most}x\r\n\r\n"));
    }

    [Fact]
    public void The_next_body_begins_without_trailers()
    {
        var trailers = new TrailerFields();
        Chunks.Decode(Wire.Bytes("0\r\nA: b\r\n\r\n"), trailers);
        Assert.Equal(1, trailers.Count);
        Chunks.Decode(Wire.Bytes("0\r\n\r\n"), trailers);
        Assert.Equal(0, trailers.Count);
        Assert.Equal(-1, trailers.Find("a"u8));
    }

    private static (ChunkStep, RejectReason) Refusal(string trailers)
    {
        var outcome = Chunks.Decode("0\r\n" + trailers);
        return (outcome.End, outcome.Reason);
    }
}
