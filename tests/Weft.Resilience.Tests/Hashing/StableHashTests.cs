using System.Text;

namespace Weft.Resilience.Tests.Hashing;

public sealed class StableHashTests
{
    [Theory]
    [InlineData("", 0, 0xEF46DB3751D8E999)]
    [InlineData("a", 0, 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0, 0x44BC2CF5AD770999)]
    public void the_hash_is_that_of_the_specification(string text, ulong seed, ulong hash) =>
        Assert.Equal(hash, StableHash.Of(Encoding.ASCII.GetBytes(text), seed));

    [Fact]
    public void every_bit_of_any_length_of_input_counts()
    {
        var hashes = new HashSet<ulong>();
        var count = 0;
        for (var length = 0; length <= 70; length++)
        {
            var bytes = new byte[length];
            Assert.True(hashes.Add(StableHash.Of(bytes)));
            count++;
            for (var bit = 0; bit < 8 * length; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                hashes.Add(StableHash.Of(bytes));
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                count++;
            }
        }

        Assert.Equal(count, hashes.Count);
        Assert.NotEqual(StableHash.Of([1, 2], 0), StableHash.Of([1, 2], 1));
    }

    [Fact]
    public void keys_that_differ_little_spread_evenly()
    {
        var counts = new int[16];
        for (var i = 0; i < 16_000; i++)
            counts[StableHash.Of(Encoding.ASCII.GetBytes($"10.0.0.{i}")) >> 60]++;
        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
    }
}
