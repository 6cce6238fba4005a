namespace Weft.Http.Tests.Http2.Hpack;

public sealed class HpackDecoderTests
{
    private readonly byte[] _scratch = new byte[4096];

    [Theory]
    [InlineData("80")] // Index 0
    [InlineData("be")] // One behind the static table, and nothing there
    [InlineData("ff80808080800f")] // An index that no table has
    [InlineData("ffffffffffffff0f")] // An integer without bounds
    [InlineData("ff")] // Cut off in an integer
    [InlineData("40")] // Cut off before the name
    [InlineData("4003")] // Cut off in the name
    [InlineData("0001610a")] // A value longer than the block
    [InlineData("3fe21f")] // A table larger than was offered: 4097
    [InlineData("823f01")] // A table size behind a field
    [InlineData("202020")] // Three table sizes
    [InlineData("00016181fe")] // Padding of zeros
    [InlineData("00016182ffff")] // Padding of sixteen bits
    [InlineData("00016184ffffffff")] // The end symbol
    public void A_block_that_breaks_a_rule_is_an_error(string block)
    {
        var sink = new FieldList.ListSink([]);
        Assert.False(new HpackDecoder(4096).Decode(Convert.FromHexString(block), _scratch, ref sink));
    }

    [Theory]
    [InlineData("203fe11f82")]
    [InlineData("3fe11f82")]
    [InlineData("2082")]
    public void The_table_may_shrink_and_grow_up_to_the_offer(string block)
    {
        Assert.Equal([(":method", "GET")], FieldList.Decode(new HpackDecoder(4096), Convert.FromHexString(block)));
    }

    [Fact]
    public void A_field_larger_than_the_table_empties_it()
    {
        var decoder = new HpackDecoder(64);
        FieldList.Decode(decoder, Convert.FromHexString("4001610162"));
        Assert.Equal(1, decoder.Table.Count);
        FieldList.Decode(decoder, [0x40, 1, (byte)'a', 40, .. Enumerable.Repeat((byte)'v', 40)]);
        Assert.Equal(0, decoder.Table.Count);
    }

    [Fact]
    public void A_field_too_long_for_the_scratch_memory_is_left_out_and_the_rest_is_right()
    {
        var sink = new FieldList.ListSink([]);
        byte[] block = [0, 1, (byte)'a', 0x7F, 0x80, 0x20, .. Enumerable.Repeat((byte)'v', 0x7F + 4096), 0x82];
        Assert.True(new HpackDecoder(4096).Decode(block, _scratch, ref sink));
        Assert.Equal(1, sink.TooLong);
        Assert.Equal([(":method", "GET")], sink.Fields);
    }

    [Fact]
    public void Whatever_the_bytes_decoding_ends_without_an_exception_and_within_the_tables_bound()
    {
        var random = new Random(1);
        for (var round = 0; round < 20_000; round++)
        {
            var decoder = new HpackDecoder(256);
            for (var i = 0; i < 3; i++)
            {
                var block = new byte[random.Next(64)];
                random.NextBytes(block);
                var sink = new FieldList.ListSink([]);
                if (!decoder.Decode(block, _scratch, ref sink))
                {
                    break;
                }

                Assert.True(decoder.Table.Size <= 256);
            }
        }
    }

    [Fact]
    public void A_changed_valid_block_never_throws()
    {
        var random = new Random(2);
        var valid = Convert.FromHexString(
            "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3"
        );
        for (var round = 0; round < 20_000; round++)
        {
            var block = valid.ToArray();
            block[random.Next(block.Length)] ^= (byte)(1 << random.Next(8));
            var sink = new FieldList.ListSink([]);
            _ = new HpackDecoder(256).Decode(block.AsSpan(0, random.Next(block.Length)), _scratch, ref sink);
        }
    }
}
