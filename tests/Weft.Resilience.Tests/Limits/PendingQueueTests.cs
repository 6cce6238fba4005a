using FsCheck;
using FsCheck.Fluent;
using static Weft.Resilience.Nanoseconds;

namespace Weft.Resilience.Tests.Limits;

public sealed class PendingQueueTests
{
    private static readonly PendingOptions Options = new(
        100,
        TimeSpan.FromMilliseconds(100),
        TimeSpan.FromMilliseconds(5)
    );

    [Fact]
    public void a_queue_that_empties_now_and_then_is_served_in_order()
    {
        var queue = Filled("abc");
        Assert.Equal("abc", Served(queue, 50 * PerMillisecond));
        Assert.False(queue.TryNext(0, out _));
    }

    [Fact]
    public void a_standing_queue_serves_the_newest_and_gives_up_the_old_ones_soon()
    {
        var queue = Filled("ab");
        queue.Add("c", 98 * PerMillisecond);
        queue.Add("d", 100 * PerMillisecond);
        Assert.False(queue.TryExpired(99 * PerMillisecond, out _));
        Assert.True(queue.IsStanding(100 * PerMillisecond));
        Assert.Equal("ab", Expired(queue, 100 * PerMillisecond));
        Assert.Equal(103 * PerMillisecond, queue.NextExpiry(100 * PerMillisecond));
        Assert.Equal("dc", Served(queue, 101 * PerMillisecond));
        queue.Add("e", 200 * PerMillisecond);
        Assert.False(queue.IsStanding(200 * PerMillisecond));
    }

    [Fact]
    public void the_next_expiry_is_when_the_oldest_has_waited_long_enough()
    {
        var queue = Filled("a");
        Assert.Equal(100 * PerMillisecond, queue.NextExpiry(0));
        queue.Add("b", 99 * PerMillisecond);
        Assert.True(queue.TryNext(99 * PerMillisecond, out _));
        // The queue has been standing since 0: from 100 on, b may wait 5 ms in all.
        Assert.Equal(104 * PerMillisecond, queue.NextExpiry(99 * PerMillisecond));
        Assert.False(queue.TryExpired(103 * PerMillisecond, out _));
        Assert.True(queue.TryExpired(104 * PerMillisecond, out _));
        Assert.Equal(long.MaxValue, queue.NextExpiry(0));
    }

    [Fact]
    public void a_full_queue_turns_away_and_none_at_all_is_always_full()
    {
        var queue = new PendingQueue<string>(Options with { Capacity = 2 });
        Assert.True(queue.Add("a", 0) >= 0 && queue.Add("b", 0) >= 0);
        Assert.Equal(-1, queue.Add("c", 0));
        Assert.Equal(-1, new PendingQueue<string>(Options with { Capacity = 0 }).Add("a", 0));
        Assert.Throws<ArgumentException>(() => new PendingQueue<string>(Options with { Capacity = -1 }));
        Assert.Throws<ArgumentException>(() =>
            new PendingQueue<string>(Options with { StandingWait = TimeSpan.FromDays(1) })
        );
    }

    /// <summary>Against a list that does the same slowly.</summary>
    [Fact]
    public void any_order_of_joining_leaving_and_serving_keeps_the_line() =>
        Prop.ForAll(
                Gen.Choose(0, 3).Zip(Gen.Choose(0, 1000)).ListOf().Resize(300).ToArbitrary(),
                steps =>
                {
                    var queue = new PendingQueue<string>(Options with { Capacity = 20 });
                    var model = new List<(string Item, int Ticket)>();
                    foreach (var (what, which) in steps)
                    {
                        if (what <= 1)
                        {
                            var item = $"{which}";
                            var ticket = queue.Add(item, 0);
                            Assert.Equal(model.Count == 20, ticket < 0);
                            if (ticket >= 0)
                                model.Add((item, ticket));
                        }
                        else if (what == 2 && model.Count > 0)
                        {
                            queue.Remove(model[which % model.Count].Ticket);
                            model.RemoveAt(which % model.Count);
                        }
                        else
                        {
                            Assert.Equal(model.Count > 0, queue.TryNext(0, out var item));
                            Assert.Equal(model.FirstOrDefault().Item, item);
                            if (model.Count > 0)
                                model.RemoveAt(0);
                        }

                        Assert.Equal(model.Count, queue.Count);
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithReplay(31, 37));

    private static PendingQueue<string> Filled(string items)
    {
        var queue = new PendingQueue<string>(Options);
        foreach (var item in items)
            queue.Add($"{item}", 0);
        return queue;
    }

    private static string Served(PendingQueue<string> queue, long now)
    {
        var served = "";
        while (queue.TryNext(now, out var item))
            served += item;
        return served;
    }

    private static string Expired(PendingQueue<string> queue, long now)
    {
        var expired = "";
        while (queue.TryExpired(now, out var item))
            expired += item;
        return expired;
    }
}
