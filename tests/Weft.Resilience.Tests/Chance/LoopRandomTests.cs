namespace Weft.Resilience.Tests.Chance;

public sealed class LoopRandomTests
{
    /// <summary>The first outputs for seed 0, from the authors' published reference: splitmix64.c feeding xoshiro256starstar.c.</summary>
    [Fact]
    public void The_sequence_is_that_of_xoshiro256_starstar_seeded_by_splitmix64()
    {
        var random = new LoopRandom(0);
        ulong[] expected = [0x99EC5F36CB75F2B4, 0xBF6E1F784956452A, 0x1A5F849D4933E6E0, 0x6AA594F1262D2D2C];
        Assert.All(expected, value => Assert.Equal(value, random.NextUInt64()));
    }

    [Fact]
    public void Equal_seeds_repeat_and_other_seeds_differ()
    {
        var sequence = Sequence(1);
        Assert.Equal(sequence, Sequence(1));
        Assert.NotEqual(sequence, Sequence(2));
    }

    [Fact]
    public void Doubles_fill_the_unit_interval_evenly()
    {
        var random = new LoopRandom(3);
        var counts = new int[10];
        for (var i = 0; i < 100_000; i++)
            counts[(int)(random.NextDouble() * 10)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
    }

    [Fact]
    public void Integers_stay_below_their_bound_and_cover_it_evenly()
    {
        var random = new LoopRandom(3);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
            counts[random.Next(7)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_500, 10_500));
        Assert.Throws<ArgumentOutOfRangeException>(() => random.Next(0));
    }

    private static ulong[] Sequence(ulong seed)
    {
        var random = new LoopRandom(seed);
        return [.. Enumerable.Range(0, 8).Select(_ => random.NextUInt64())];
    }
}
