using System.Text;

namespace Weft.Http.Tests.Http2.Hpack;

public sealed class HpackEncoderTests
{
    private readonly HpackEncoder _encoder = new();
    private readonly HpackDecoder _decoder = new(4096);
    private readonly byte[] _block = new byte[64 * 1024];

    [Fact]
    public void What_repeats_becomes_one_byte_and_what_does_not_stays_out_of_the_table()
    {
        (string, string)[] fields = [("user-agent", "a-client/1.0 of some length"), ("x-tenant", "blue")];
        var first = Send(fields);
        var second = Send(fields);
        Assert.Equal(2, _decoder.Table.Count);
        Assert.Equal(2, Send(fields));
        Assert.True(first >= second);
        for (var i = 0; i < 100; i++)
        {
            Send(("x-request-id", $"{i:x16}"));
        }

        Assert.Equal(2, _decoder.Table.Count);
    }

    [Theory]
    [InlineData("authorization", "Bearer abc")]
    [InlineData("set-cookie", "a=b")]
    [InlineData("content-length", "12")]
    public void Secrets_and_what_always_differs_go_into_no_table(string name, string value)
    {
        for (var i = 0; i < 3; i++)
        {
            Send((name, value));
        }

        Assert.Equal(0, _decoder.Table.Count);
    }

    [Fact]
    public void A_field_that_came_as_never_indexed_leaves_as_never_indexed()
    {
        var length = _encoder.Encode(_block, KnownHeader.None, "x-secret"u8, "1234"u8, neverIndexed: true);
        Assert.Equal(0x10, _block[0]);
        Assert.Equal([("x-secret", "1234")], FieldList.Decode(_decoder, _block.AsSpan(0, length)));
    }

    [Fact]
    public void A_smaller_table_of_the_peer_is_announced_and_kept_to()
    {
        Send(("x-a", "1"));
        Send(("x-a", "1"));
        Assert.Equal(1, _decoder.Table.Count);
        _encoder.SetPeerLimit(0);
        _encoder.SetPeerLimit(100);
        Send(("x-a", "1"));
        Assert.Equal(100, _decoder.Table.Limit);
        Send(("x-a", "1"));
        Assert.True(_decoder.Table.Size <= 100);
    }

    [Fact]
    public void Random_fields_arrive_as_they_were_sent_whatever_the_table_does()
    {
        var random = new Random(3);
        for (var round = 0; round < 3000; round++)
        {
            if (random.Next(50) == 0)
            {
                _encoder.SetPeerLimit((uint)random.Next(5000));
            }

            var fields = Enumerable
                .Range(0, random.Next(8))
                .Select(_ => ($"x-{random.Next(30)}", new string((char)random.Next(0x20, 0x7F), random.Next(200))))
                .ToArray();
            Send(fields);
        }
    }

    [Fact]
    public void Every_symbol_survives_the_huffman_code()
    {
        var text = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        var encoded = new byte[HuffmanCode.EncodedLength(text)];
        Assert.Equal(encoded.Length, HuffmanCode.Encode(text, encoded));
        var decoded = new byte[256];
        Assert.Equal(256, HuffmanCode.Decode(encoded, decoded));
        Assert.Equal(text, decoded);
        Assert.Equal(-2, HuffmanCode.Decode(encoded, decoded.AsSpan(0, 255)));
    }

    [Theory]
    [InlineData(5, 10, "0a")]
    [InlineData(5, 1337, "1f9a0a")]
    [InlineData(8, 42, "2a")]
    public void Integers_are_written_as_in_appendix_C1(int prefix, int value, string bytes)
    {
        var length = HpackInteger.Write(_block, 0, prefix, value);
        Assert.Equal(bytes, Convert.ToHexStringLower(_block.AsSpan(0, length)));
        var at = 0;
        Assert.True(HpackInteger.TryRead(_block, ref at, prefix, out var read));
        Assert.Equal((value, length), (read, at));
    }

    private int Send(params (string Name, string Value)[] fields)
    {
        var length = _encoder.Begin(_block);
        var begun = length;
        foreach (var (name, value) in fields)
        {
            var n = Encoding.ASCII.GetBytes(name);
            var v = Encoding.ASCII.GetBytes(value);
            var written = _encoder.Encode(_block.AsSpan(length), KnownHeaders.Classify(n), n, v, neverIndexed: false);
            Assert.True(written <= HpackEncoder.Bound(n.Length, v.Length));
            length += written;
        }

        Assert.Equal(fields, FieldList.Decode(_decoder, _block.AsSpan(0, length)));
        return length - begun;
    }
}
