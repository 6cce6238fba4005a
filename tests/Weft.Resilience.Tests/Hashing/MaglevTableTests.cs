using FsCheck;
using FsCheck.Fluent;

namespace Weft.Resilience.Tests.Hashing;

public sealed class MaglevTableTests
{
    [Fact]
    public void every_endpoint_has_its_share_to_the_slot() =>
        Prop.ForAll(
                Gen.Choose(1, 100).Select(w => (double)w).NonEmptyListOf().Resize(20).ToArbitrary(),
                weights =>
                {
                    var table = Table([.. weights]);
                    var counts = CountsOf(table, weights.Count);
                    var total = weights.Sum();
                    for (var i = 0; i < weights.Count; i++)
                    {
                        // Turns are given in whole rounds: off by the slots of a round at most.
                        var tolerance = 2.5 + weights.Count(weight => weight >= weights[i]);
                        Assert.Equal(weights[i] / total * table.Count, counts[i], tolerance);
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(50).WithReplay(17, 19));

    [Fact]
    public void weight_zero_has_no_slot_and_the_lightest_has_one()
    {
        var counts = CountsOf(Table([1e9, 1e-9, 0]), 3);
        Assert.Equal(0, counts[2]);
        Assert.InRange(counts[1], 1, 2);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    [InlineData(100)]
    public void when_one_leaves_few_slots_change_beyond_its_own(int count)
    {
        var identities = Identities(count);
        var weights = Enumerable.Repeat(1.0, count).ToArray();
        var before = new MaglevTable(identities, weights);
        weights[count / 2] = 0;
        var after = new MaglevTable(identities, weights);
        var moved = Enumerable.Range(0, before.Count).Count(s => before[s] != after[s] && before[s] != count / 2);
        Assert.InRange(moved / (double)before.Count, 0, 0.03);
    }

    [Fact]
    public void the_order_in_which_endpoints_are_given_makes_no_difference()
    {
        var identities = Identities(7);
        double[] weights = [1, 2, 3, 4, 5, 6, 7];
        var one = new MaglevTable(identities, weights);
        int[] order = [3, 0, 6, 2, 5, 1, 4];
        var other = new MaglevTable([.. order.Select(i => identities[i])], [.. order.Select(i => weights[i])]);
        Assert.All(Enumerable.Range(0, one.Count), slot => Assert.Equal(one[slot], order[other[slot]]));
    }

    [Fact]
    public void endpoints_of_the_same_identity_share_by_their_order()
    {
        var counts = CountsOf(new MaglevTable([5, 5, 5], [1, 1, 2]), 3);
        Assert.Equal(2.0, counts[2] / (double)counts[0], 0.01);
        Assert.Equal(1.0, counts[1] / (double)counts[0], 0.01);
    }

    [Fact]
    public void thousands_of_endpoints_get_a_larger_table()
    {
        const int count = 5000;
        var table = new MaglevTable(Identities(count), [.. Enumerable.Repeat(1.0, count)]);
        Assert.All(CountsOf(table, count), slots => Assert.InRange(slots, 26, 27));
    }

    private static MaglevTable Table(double[] weights) => new(Identities(weights.Length), weights);

    private static ulong[] Identities(int count) =>
        [.. Enumerable.Range(0, count).Select(i => StableHash.Combine(99, (ulong)i))];

    private static int[] CountsOf(MaglevTable table, int members)
    {
        var counts = new int[members];
        for (var slot = 0; slot < table.Count; slot++)
            counts[table[slot]]++;
        return counts;
    }
}
