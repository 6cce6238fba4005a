using Weft.Api.Traffic;

namespace Weft.Control.Tests.Traffic;

public sealed class TrafficRingTests
{
    private static SeriesTotals Totals(long successes)
    {
        var totals = new SeriesTotals { Successes = successes, SumNanoseconds = 2000 * successes };
        totals.Durations[3] = successes;
        return totals;
    }

    private static SeriesTotals Sum(TrafficRing ring, long from, long to)
    {
        var sum = new SeriesTotals();
        ring.AddTo(from, to, sum);
        return sum;
    }

    [Fact]
    public void counts_of_any_size_come_back_as_they_were_added()
    {
        var ring = new TrafficRing();
        long[] amounts = [1, 65_535, 65_536, 1L << 31, (1L << 40) - 1];
        for (var i = 0; i < amounts.Length; i++)
        {
            ring.Add(100 + i, Totals(amounts[i]));
            ring.Add(100 + i, Totals(7));
        }

        for (var i = 0; i < amounts.Length; i++)
        {
            var sum = Sum(ring, 100 + i, 100 + i);
            Assert.Equal(
                (amounts[i] + 7, 2000 * (amounts[i] + 7), amounts[i] + 7),
                (sum.Successes, sum.SumNanoseconds, sum.Durations[3])
            );
        }

        Assert.Equal(amounts.Sum() + 35, Sum(ring, 0, long.MaxValue).Successes);
    }

    [Fact]
    public void it_agrees_with_a_list_of_all_that_was_added_whatever_the_order()
    {
        var random = new Random(7);
        var ring = new TrafficRing();
        var all = new List<(long Slot, long Amount)>();
        var latest = 1000L;
        for (var i = 0; i < 3000; i++)
        {
            latest += random.Next(20) == 0 ? random.Next(90) : 0;
            var slot = latest - random.Next(70);
            var amount = random.NextInt64(1L << random.Next(1, 34));
            ring.Add(slot, Totals(amount));
            if (slot > ring.Latest - TrafficRing.Slots)
            {
                all.Add((slot, amount));
            }

            var from = latest - random.Next(TrafficRing.Slots);
            var seen = Math.Max(ring.Latest, from);
            Assert.Equal(
                all.Where(a => a.Slot >= from && a.Slot > ring.Latest - TrafficRing.Slots).Sum(a => a.Amount),
                Sum(ring, from, seen).Successes
            );
        }
    }
}
