namespace Weft.Http.Tests.Http1;

public sealed class ChunkedDecoderTests
{
    [Theory]
    [InlineData("0\r\n\r\n", "")]
    [InlineData("5\r\nhello\r\n0\r\n\r\n", "hello")]
    [InlineData("1\r\na\r\n00A\r\n0123456789\r\n00\r\n\r\n", "a0123456789")]
    [InlineData("a;name=value;other=\"q;\\\"x\"\r\n0123456789\r\n0;last\r\n\r\n", "0123456789")]
    [InlineData("3 ;x\r\n", null)]
    [InlineData("3\r\n\r\n1\r\n0\r\n\r\n", "\r\n1")]
    public void Data_come_out_of_their_chunks(string text, string? data)
    {
        var outcome = Chunks.Decode(text);
        if (data is null)
        {
            Assert.Equal(RejectReason.InvalidChunkSize, outcome.Reason);
            return;
        }

        Assert.Equal((ChunkStep.End, data, text.Length), (outcome.End, outcome.Data, outcome.Consumed));
    }

    [Fact]
    public void Bytes_behind_the_end_are_left_for_the_next_message()
    {
        Assert.Equal(5, Chunks.Decode("0\r\n\r\nGET / HTTP/1.1\r\n").Consumed);
        var outcome = Chunks.Decode("0\r\nA: b\r\n\r\nGET / HTTP/1.1\r\n\r\n");
        Assert.Equal((ChunkStep.End, 11), (outcome.End, outcome.Consumed));
    }

    [Theory]
    [InlineData("10000000000000000", RejectReason.ChunkSizeTooLarge)]
    [InlineData("00000000000000005", RejectReason.ChunkSizeTooLarge)]
    [InlineData("8000000000000000", RejectReason.ChunkSizeTooLarge)]
    [InlineData("FFFFFFFFFFFFFFFF", RejectReason.ChunkSizeTooLarge)]
    [InlineData("-1\r\n", RejectReason.InvalidChunkSize)]
    [InlineData("+1\r\n", RejectReason.InvalidChunkSize)]
    [InlineData("0x1\r\n", RejectReason.InvalidChunkSize)]
    [InlineData(" 1\r\n", RejectReason.InvalidChunkSize)]
    [InlineData("1 \r\n", RejectReason.InvalidChunkSize)]
    [InlineData("1_0\r\n", RejectReason.InvalidChunkSize)]
    [InlineData("g\r\n", RejectReason.InvalidChunkSize)]
    [InlineData("\r\n", RejectReason.InvalidChunkSize)]
    [InlineData(";x\r\n", RejectReason.InvalidChunkSize)]
    public void A_size_that_is_no_plain_hexadecimal_number_is_refused(string text, RejectReason reason) =>
        Assert.Equal((ChunkStep.Rejected, reason), Refusal(text));

    [Fact]
    public void The_largest_size_is_accepted() =>
        Assert.Equal(ChunkStep.NeedMore, Chunks.Decode("7FFFFFFFFFFFFFFF\r\nx").End);

    [Theory]
    [InlineData("1\n", RejectReason.BareLineFeed)]
    [InlineData("1\rx", RejectReason.BareCarriageReturn)]
    [InlineData("1;a\n", RejectReason.BareLineFeed)]
    [InlineData("1;a\rb\r\n", RejectReason.BareCarriageReturn)]
    [InlineData("1;a\0", RejectReason.ControlByte)]
    [InlineData("1;\"a\r\nb\"\r\n", RejectReason.UnterminatedChunk)]
    [InlineData("1\r\nab\r\n", RejectReason.UnterminatedChunk)]
    [InlineData("1\r\na\n", RejectReason.UnterminatedChunk)]
    [InlineData("1\r\na\rb", RejectReason.UnterminatedChunk)]
    [InlineData("1\r\na1\r\nb", RejectReason.UnterminatedChunk)]
    [InlineData("0\r\n\n", RejectReason.BareLineFeed)]
    [InlineData("0\r\n\rx", RejectReason.BareCarriageReturn)]
    [InlineData("0\n\n", RejectReason.BareLineFeed)]
    public void Lines_end_with_cr_lf_and_nothing_else(string text, RejectReason reason) =>
        Assert.Equal((ChunkStep.Rejected, reason), Refusal(text));

    [Fact]
    public void Extensions_of_one_chunk_are_bounded()
    {
        var most = new string('x', ChunkedDecoder.MaxExtensionBytesPerChunk - 1);
        Assert.Equal(ChunkStep.NeedMore, Chunks.Decode($"1;{most}\r\na").End);
        Assert.Equal((ChunkStep.Rejected, RejectReason.ChunkExtensionsTooLarge), Refusal($"1;{most}x"));
    }

    [Fact]
    public void Extensions_that_outweigh_the_data_are_refused()
    {
        var chunk = $"1;{new string('x', 999)}\r\na\r\n";
        var body = string.Concat(Enumerable.Repeat(chunk, 17));
        var outcome = Chunks.Decode(body);
        Assert.Equal(RejectReason.ChunkExtensionsTooLarge, outcome.Reason);
        Assert.Equal(new string('a', 16), outcome.Data);
    }

    [Fact]
    public void Extensions_that_data_pay_for_never_add_up()
    {
        var chunk = $"3e8;{new string('x', 999)}\r\n{new string('a', 1000)}\r\n";
        var body = string.Concat(Enumerable.Repeat(chunk, 100)) + "0\r\n\r\n";
        var outcome = Chunks.Decode(body);
        Assert.Equal((ChunkStep.End, 100_000), (outcome.End, outcome.Data.Length));
    }

    [Fact]
    public void A_rejected_decoder_stays_rejected()
    {
        var decoder = new ChunkedDecoder(new TrailerFields());
        Assert.Equal(ChunkStep.Rejected, decoder.Step("x"u8, out _, out _));
        Assert.Equal(ChunkStep.Rejected, decoder.Step("0\r\n\r\n"u8, out var consumed, out _));
        Assert.Equal((0, RejectReason.InvalidChunkSize), (consumed, decoder.Reason));
    }

    private static (ChunkStep, RejectReason) Refusal(string text)
    {
        var outcome = Chunks.Decode(text);
        return (outcome.End, outcome.Reason);
    }
}
