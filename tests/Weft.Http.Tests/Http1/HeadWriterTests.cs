namespace Weft.Http.Tests.Http1;

public sealed class HeadWriterTests
{
    [Fact]
    public void A_head_is_written_line_by_line()
    {
        var buffer = new byte[200];
        var writer = new HeadWriter(buffer);
        writer.RequestLine("GET"u8, "/x"u8);
        writer.Field(KnownHeader.Host, "books"u8);
        writer.Field("x-a"u8, ""u8);
        writer.Field(KnownHeader.ContentLength, long.MaxValue);
        writer.Raw("via: 1.1 weft\r\n"u8);
        writer.End();
        Assert.Equal(
            "GET /x HTTP/1.1\r\nhost: books\r\nx-a: \r\ncontent-length: 9223372036854775807\r\nvia: 1.1 weft\r\n\r\n",
            Wire.Text(buffer.AsSpan(0, writer.Written))
        );
    }

    [Fact]
    public void A_status_line_has_its_space_even_without_a_reason()
    {
        var buffer = new byte[200];
        var writer = new HeadWriter(buffer);
        writer.StatusLine(204, ""u8);
        writer.StatusLine(502, "Bad Gateway"u8);
        Assert.Equal("HTTP/1.1 204 \r\nHTTP/1.1 502 Bad Gateway\r\n", Wire.Text(buffer.AsSpan(0, writer.Written)));
    }

    [Theory]
    [InlineData(0, "0\r\n")]
    [InlineData(255, "ff\r\n")]
    [InlineData(long.MaxValue, "7fffffffffffffff\r\n")]
    public void Chunk_sizes_are_hexadecimal(long size, string line)
    {
        var buffer = new byte[HeadWriter.MaxChunkSizeBytes];
        var writer = new HeadWriter(buffer);
        writer.ChunkSize(size);
        Assert.Equal(line, Wire.Text(buffer.AsSpan(0, writer.Written)));
    }

    [Fact]
    public void Dropped_fields_are_left_out_and_odd_white_space_is_straightened()
    {
        var head = Wire.Request(
            "GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\nB: 2\r\nC:3\r\nD:  4\r\nE: 5 \r\nF:\r\nG: 7\r\nH: 8\r\n\r\n"
        );
        head.Drop(head.Find("b"u8));
        head.Drop(head.Find("h"u8));
        Assert.Equal("Host: a\r\nA: 1\r\nC: 3\r\nD: 4\r\nE: 5\r\nF: \r\nG: 7\r\n", Wire.Written(head));
    }

    [Fact]
    public void What_does_not_fit_is_reported_whatever_the_size()
    {
        var head = Wire.Request("GET /path HTTP/1.1\r\nHost: a\r\nA:1\r\n\r\n");
        const string Whole = "GET /path HTTP/1.1\r\nHost: a\r\nA: 1\r\nvia: x\r\n0\r\n\r\n";
        for (var size = 0; size <= Whole.Length; size++)
        {
            var buffer = new byte[size];
            var writer = new HeadWriter(buffer);
            writer.RequestLine(head);
            writer.Fields(head);
            writer.Field(KnownHeader.Via, "x"u8);
            writer.ChunkSize(0);
            writer.End();
            Assert.Equal((size < Whole.Length, false), (writer.Overflowed, writer.Refused));
        }
    }

    [Theory]
    [InlineData("a\r\nx: y")]
    [InlineData("a\n")]
    [InlineData("a\0")]
    public void A_value_that_would_end_its_own_line_is_refused_and_nothing_follows(string value)
    {
        var buffer = new byte[100];
        var writer = new HeadWriter(buffer);
        writer.Field("a"u8, Wire.Bytes(value));
        writer.End();
        Assert.Equal((true, true, false), (writer.Failed, writer.Refused, writer.Overflowed));
        Assert.Equal(0, writer.Written);
    }

    [Fact]
    public void Connect_is_written_in_authority_form()
    {
        var buffer = new byte[100];
        var writer = new HeadWriter(buffer);
        writer.RequestLine(Wire.Request("CONNECT db:1 HTTP/1.1\r\nHost: x\r\n\r\n"));
        Assert.Equal("CONNECT db:1 HTTP/1.1\r\n", Wire.Text(buffer.AsSpan(0, writer.Written)));
    }
}
