using Weft.Resources.Yaml;

namespace Weft.Resources.Tests.Yaml;

public sealed class NearestKeyTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("a", "", 1)]
    [InlineData("adress", "address", 1)]
    [InlineData("adderss", "address", 1)]
    [InlineData("Address", "address", 0)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("ca", "abc", 3)]
    public void Distance_counts_insertions_deletions_replacements_and_swaps(string a, string b, int distance)
    {
        Assert.Equal(distance, NearestKey.Distance(a, b));
        Assert.Equal(distance, NearestKey.Distance(b, a));
    }

    [Theory]
    [InlineData("identifer", "identifier")]
    [InlineData("adres", "address")]
    [InlineData("TO", "to")]
    [InlineData("timeout", "timeouts")]
    [InlineData("colour", null)]
    [InlineData("x", null)]
    public void The_nearest_key_is_named_when_it_is_near_enough(string word, string? expected) =>
        Assert.Equal(expected, NearestKey.Find(word, ["name", "address", "identifier", "to", "timeouts"]));

    [Fact]
    public void A_very_long_word_is_compared_in_bounded_space_and_is_near_to_nothing() =>
        Assert.Null(NearestKey.Find(new string('a', 100_000), ["address"]));
}
