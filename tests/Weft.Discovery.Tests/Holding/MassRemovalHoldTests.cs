using Weft.Naming;

namespace Weft.Discovery.Tests.Holding;

public sealed class MassRemovalHoldTests
{
    private readonly MassRemovalHold _hold = new(TimeSpan.FromSeconds(30));
    private double _now;

    /// <summary>What is shown when the source names the endpoints with these last digits; <c>~</c> for neg.</summary>
    private string Say(string said, bool isCurrent = true)
    {
        EndpointSet set =
            said == "~"
                ? EndpointSet.Neg.Instance
                : ScriptedSource.Set([.. said.Select(digit => $"10.0.0.{digit}:80")]);
        return _hold.Apply(set, isCurrent, TimeSpan.FromSeconds(_now)) switch
        {
            EndpointSet.Known known => string.Concat(
                known.Endpoints.Select(e => e.Address.Address.ToString()[^1]).Order()
            ),
            _ => "~",
        };
    }

    [Fact]
    public void Half_or_less_may_go_at_once()
    {
        Assert.Equal("1234", Say("1234"));
        _now = 1;
        Assert.Equal("12", Say("12"));
        Assert.Equal(0, _hold.Held);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("")]
    [InlineData("~")]
    public void More_than_half_is_held_until_that_has_been_so_for_a_while(string rest)
    {
        Say("123");
        _now = 1;
        Assert.Equal("123", Say(rest));
        Assert.Equal(3 - (rest == "1" ? 1 : 0), _hold.Held);
        _now = 30.9;
        Assert.Equal("123", Say(rest));
        _now = 31;
        Assert.Equal(rest, Say(rest));
        Assert.Equal(0, _hold.Held);
    }

    [Fact]
    public void What_comes_back_was_never_away()
    {
        Say("123");
        _now = 1;
        Say("");
        _now = 20;
        Assert.Equal("123", Say("123"));
        Assert.Equal(0, _hold.Held);
        _now = 40;
        Assert.Equal("123", Say("123"));
        Assert.Equal("12", Say("12"));
    }

    [Fact]
    public void What_is_added_counts_at_once_while_what_was_withdrawn_is_held()
    {
        Say("123");
        _now = 1;
        Assert.Equal("123456", Say("456"));
        _now = 31;
        Assert.Equal("456", Say("456"));
    }

    [Fact]
    public void Many_small_withdrawals_within_the_time_count_as_one()
    {
        Say("1234");
        _now = 1;
        Assert.Equal("123", Say("123"));
        Assert.Equal("12", Say("12"));
        Assert.Equal("1234", Say("1"));
    }

    [Fact]
    public void Small_withdrawals_far_apart_are_believed()
    {
        Say("1234");
        foreach (var (at, rest) in new[] { (100, "123"), (200, "12"), (300, "1") })
        {
            _now = at;
            Assert.Equal(rest, Say(rest));
        }
        _now = 400;
        Assert.Equal("1", Say("~"));
    }

    [Fact]
    public void A_source_that_cannot_be_reached_confirms_nothing()
    {
        Say("123");
        _now = 1;
        Say("");
        _now = 1000;
        Assert.Equal("123", Say("", isCurrent: false));
        Assert.Equal("", Say(""));
    }

    [Fact]
    public void The_answer_is_the_same_object_until_it_changes()
    {
        var first = ScriptedSource.Set("10.0.0.1:80", "10.0.0.2:80");
        var a = _hold.Apply(first, isCurrent: true, TimeSpan.Zero);
        var b = _hold.Apply(EndpointSet.Neg.Instance, isCurrent: true, TimeSpan.FromSeconds(1));
        var c = _hold.Apply(EndpointSet.Neg.Instance, isCurrent: true, TimeSpan.FromSeconds(2));
        Assert.Same(first, a);
        Assert.Same(a, b);
        Assert.Same(b, c);
    }
}
