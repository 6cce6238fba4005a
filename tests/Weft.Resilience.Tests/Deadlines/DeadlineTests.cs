using FsCheck;
using FsCheck.Fluent;
using static Weft.Resilience.Nanoseconds;

namespace Weft.Resilience.Tests.Deadlines;

public sealed class DeadlineTests
{
    [Fact]
    public void what_remains_shrinks_to_nothing()
    {
        var deadline = Deadline.After(5, 10);
        Assert.Equal(10, deadline.Remaining(5));
        Assert.False(deadline.IsPast(14));
        Assert.True(deadline.IsPast(15));
        Assert.Equal(0, deadline.Remaining(99));
    }

    [Fact]
    public void no_time_is_past_at_once_and_no_limit_never()
    {
        Assert.True(Deadline.After(5, 0).IsPast(5));
        Assert.True(Deadline.After(5, -7).IsPast(5));
        Assert.True(Deadline.After(5, (TimeSpan?)null).IsNever);
        Assert.True(Deadline.After(5, TimeSpan.MaxValue).IsNever);
        Assert.Equal(long.MaxValue, Deadline.Never.Remaining(long.MaxValue - 1));
    }

    [Fact]
    public void milliseconds_on_the_wire_are_never_more_than_what_is_left()
    {
        Assert.Equal(1, Deadline.After(0, (2 * PerMillisecond) - 1).RemainingMilliseconds(0));
        Assert.Equal(0, Deadline.After(0, PerMillisecond - 1).RemainingMilliseconds(0));
        Assert.Equal(long.MaxValue, Deadline.Never.RemainingMilliseconds(0));
    }

    [Fact]
    public void a_wait_must_leave_time_for_what_comes_after_it()
    {
        var deadline = Deadline.After(0, 10);
        Assert.True(deadline.Outlasts(0, 9));
        Assert.False(deadline.Outlasts(0, 10));
        Assert.False(deadline.Outlasts(3, 9));
        Assert.True(Deadline.Never.Outlasts(0, long.MaxValue - 1));
    }

    [Fact]
    public void nothing_that_joins_in_lengthens_a_deadline() =>
        Prop.ForAll(
                Gen.Choose(-1000, 1000).Three().ToArbitrary(),
                n =>
                {
                    var parent = Deadline.After(1000, n.Item1);
                    Assert.True(parent.ShortenedBy(Deadline.After(1000, n.Item2)) <= parent);
                    Assert.True(parent.ShortenedBy(Deadline.Never) == parent);
                    var child = parent.Child(1000 + Math.Abs(n.Item3), TimeSpan.FromMicroseconds(n.Item2));
                    Assert.True(child <= parent);
                    Assert.True(parent.Child(1000, null) == parent);
                }
            )
            .Check(Config.QuickThrowOnFailure.WithReplay(1, 3));
}
