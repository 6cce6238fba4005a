using System.Text;

namespace Weft.Proxy.Tests;

public class BoundedByteMapTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 7)]
    [InlineData(4, 64)]
    public void Holds_what_a_plain_map_would_as_far_as_it_holds_anything(int seed, int capacity)
    {
        var random = new Random(seed);
        var evicted = new List<Value>();
        var map = new BoundedByteMap<Value>(capacity, (ulong)random.NextInt64(), evicted.Add);
        var live = new Dictionary<string, Value>();
        for (var step = 0; step < 20_000; step++)
        {
            var key = $"k{random.Next(capacity * 3)}";
            var bytes = Encoding.ASCII.GetBytes(key);
            switch (random.Next(20))
            {
                case 0:
                    var parity = random.Next(2);
                    map.RemoveWhere(v => v.Number % 2 == parity);
                    break;
                case < 8:
                    var value = new Value(step);
                    map.Set(bytes, value);
                    if (live.TryGetValue(key, out var replaced))
                    {
                        Assert.Contains(replaced, evicted);
                    }

                    live[key] = value;
                    break;
                default:
                    var found = map.Find(bytes);
                    Assert.Same(live.GetValueOrDefault(key), found);
                    break;
            }

            foreach (var (gone, _) in live.Where(e => evicted.Contains(e.Value)).ToArray())
            {
                live.Remove(gone);
            }

            evicted.Clear();
            Assert.Equal(live.Count, map.Count);
            Assert.InRange(map.Count, 0, capacity);
        }
    }

    [Fact]
    public void Keys_that_are_asked_for_outlive_any_number_of_others()
    {
        var map = new BoundedByteMap<string>(64, 9, _ => { });
        string[] hot = [.. Enumerable.Range(0, 16).Select(i => $"hot-{i}")];
        foreach (var key in hot)
        {
            map.Set(Encoding.ASCII.GetBytes(key), key);
        }

        for (var i = 0; i < 10_000; i++)
        {
            map.Set(Encoding.ASCII.GetBytes($"cold-{i}"), "cold");
            // Each one is asked for once in sixteen inventions: far oftener than the hand comes round.
            var key = hot[i % hot.Length];
            Assert.Same(key, map.Find(Encoding.ASCII.GetBytes(key)));
        }

        Assert.Equal(64, map.Count);
    }

    [Fact]
    public void A_value_that_is_pushed_out_is_told_once()
    {
        var evicted = new List<string>();
        var map = new BoundedByteMap<string>(2, 1, evicted.Add);

        map.Set("a"u8, "1");
        map.Set("a"u8, "2");
        map.Set("b"u8, "3");
        map.Set("c"u8, "4");
        map.RemoveWhere(_ => true);

        Assert.Equal(["1", "2", "3", "4"], evicted.Order(StringComparer.Ordinal));
        Assert.Equal(0, map.Count);
    }

    [Fact]
    public void Keys_of_every_length_are_told_apart()
    {
        var map = new BoundedByteMap<string>(256, 5, _ => { });
        string[] keys = [.. Enumerable.Range(0, 100).Select(n => new string('\0', n))];
        foreach (var key in keys)
        {
            map.Set(Encoding.ASCII.GetBytes(key), key);
        }

        Assert.All(keys, key => Assert.Same(key, map.Find(Encoding.ASCII.GetBytes(key))));
    }

    private sealed record Value(int Number);
}
