using Weft.Naming;

namespace Weft.Discovery.Tests.Remote;

public sealed class WatchTableTests : IAsyncDisposable
{
    private readonly VirtualTime _time = new();
    private readonly ScriptedSource _source = new();
    private readonly WatchTable<EndpointSet> _table;
    private int _changes;

    public WatchTableTests()
    {
        _table = new WatchTable<EndpointSet>(
            _source,
            EndpointSetComparer.Instance,
            new WatchOptions { MaxWatches = 20 },
            _time,
            new Random(1)
        );
        _table.Changed += () => _changes++;
    }

    public ValueTask DisposeAsync() => _table.DisposeAsync();

    private string Look(string key) =>
        _table.Get(key) switch
        {
            { Value: { } value, Problem: { } problem } => $"{Show.Of(value)} ({problem})",
            { Value: { } value } => Show.Of(value),
            { Problem: { } problem } => $"failed: {problem}",
            _ => "pending",
        };

    [Fact]
    public void The_first_question_opens_the_watch_and_all_others_share_it()
    {
        Assert.Equal("pending", Look("a"));
        Assert.Empty(_source.Sessions);
        _time.Advance(0);
        Look("a");
        _time.Advance(0);
        Assert.Single(_source.Sessions).Say("10.0.0.1:80");
        Assert.Equal("10.0.0.1:80", Look("a"));
        Assert.Equal(1, _changes);
    }

    [Fact]
    public void An_equal_answer_is_no_news_and_stays_the_same_object()
    {
        Look("a");
        _time.Advance(0);
        _source.Last.Say("10.0.0.1:80");
        var value = _table.Get("a").Value;
        _source.Last.Say("10.0.0.1:80");
        Assert.Same(value, _table.Get("a").Value);
        Assert.Equal(1, _changes);
    }

    [Fact]
    public void A_backend_that_goes_away_leaves_what_it_said_last_and_is_told_apart()
    {
        Look("a");
        _time.Advance(0);
        _source.Last.Say("10.0.0.1:80");
        _time.Advance(3000);
        _source.Last.Fail("gone");
        Assert.Equal("10.0.0.1:80 (gone)", Look("a"));
        Assert.Equal(["gone"], _table.Problems);
        Assert.Equal(TimeSpan.FromSeconds(3), _table.Since(_table.Get("a").CurrentAt));
        _time.Advance(TimeSpan.FromSeconds(1));
        _source.Last.Say("10.0.0.1:80");
        Assert.Equal("10.0.0.1:80", Look("a"));
        Assert.Empty(_table.Problems);
    }

    [Fact]
    public void What_ails_a_backend_is_told_again_when_it_shows_itself_differently()
    {
        Look("a");
        _time.Advance(0);
        _source.Last.Fail("the connection was closed");
        Assert.Equal(1, _changes);
        _time.Advance(TimeSpan.FromSeconds(1));
        _source.Last.Fail("it cannot be reached");
        Assert.Equal(2, _changes);
        Assert.Equal(["it cannot be reached"], _table.Problems);
        _time.Advance(TimeSpan.FromSeconds(2));
        _source.Last.Fail("it cannot be reached");
        Assert.Equal(2, _changes);
    }

    [Fact]
    public void A_backend_that_was_never_there_has_failed_until_it_comes()
    {
        Look("a");
        _time.Advance(0);
        _source.Last.Fail("no route");
        Assert.Equal("failed: no route", Look("a"));
        _time.Advance(TimeSpan.FromSeconds(1));
        _source.Last.Deny();
        Assert.Equal("~", Look("a"));
    }

    [Fact]
    public void A_bad_answer_keeps_the_last_good_one_and_the_watch()
    {
        Look("a");
        _time.Advance(0);
        _source.Last.Say("10.0.0.1:80");
        _source.Last.Reject("not JSON");
        Assert.Equal("10.0.0.1:80 (not JSON)", Look("a"));
        _source.Last.Confirm();
        Assert.Equal("10.0.0.1:80", Look("a"));
        Assert.Single(_source.Sessions);
    }

    [Fact]
    public void Attempts_back_off_with_jitter_from_the_first_wait_on()
    {
        var moments = new List<double>();
        Look("a");
        for (var ms = 0; ms < 120_000; ms += 10)
        {
            var before = _source.Sessions.Count;
            _time.Advance(10);
            if (_source.Sessions.Count > before)
            {
                moments.Add(ms);
                _source.Last.Fail("gone");
            }
        }
        var waits = moments.Zip(moments.Skip(1), (a, b) => b - a).ToArray();
        Assert.InRange(waits[0], 240, 510);
        Assert.InRange(waits[1], 490, 1010);
        Assert.InRange(waits[2], 990, 2010);
        Assert.All(waits.Skip(6), wait => Assert.InRange(wait, 7_490, 15_010));
        Assert.Equal(waits.Skip(6).Count(), waits.Skip(6).Distinct().Count());
    }

    [Fact]
    public void Watches_that_are_lost_together_do_not_come_back_together()
    {
        var keys = Enumerable.Range(0, 20).Select(i => $"k{i}").ToArray();
        Array.ForEach(keys, key => Look(key));
        _time.Advance(0);
        foreach (var session in _source.Sessions.ToArray())
        {
            session.Fail("gone");
        }
        var most = 0;
        for (var ms = 0; ms < 1000; ms += 10)
        {
            var before = _source.Sessions.Count;
            _time.Advance(10);
            most = Math.Max(most, _source.Sessions.Count - before);
        }
        Assert.Equal(40, _source.Sessions.Count);
        Assert.InRange(most, 1, 5);
    }

    [Fact]
    public void A_watch_that_held_for_a_while_begins_its_backoff_anew()
    {
        Look("a");
        _time.Advance(0);
        for (var i = 0; i < 8; i++)
        {
            _source.Last.Fail("gone");
            _time.Advance(TimeSpan.FromSeconds(16));
        }
        _time.Advance(TimeSpan.FromSeconds(21));
        var count = _source.Sessions.Count;
        _source.Last.Fail("gone");
        _time.Advance(500);
        Assert.Equal(count + 1, _source.Sessions.Count);
    }

    [Fact]
    public void A_watch_that_ends_in_good_order_is_begun_again_and_is_no_problem()
    {
        Look("a");
        _time.Advance(0);
        _source.Last.Say("10.0.0.1:80");
        _source.Last.End();
        Assert.Equal("10.0.0.1:80", Look("a"));
        _time.Advance(500);
        Assert.Equal(2, _source.Sessions.Count);
    }

    [Fact]
    public void A_watch_that_nobody_asks_for_is_closed_after_its_users_were_made_to_ask()
    {
        Look("used");
        Look("unused");
        _time.Advance(0);
        _source.Sessions[0].Say("10.0.0.1:80");
        _source.Sessions[1].Say("10.0.0.1:80");
        _table.Changed += () => Look("used");
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal([false, true], _source.Sessions.Select(s => s.IsStopped));
        Assert.Equal(1, _table.Count);
        Assert.Equal("pending", Look("unused"));
    }

    [Fact]
    public void The_table_is_bounded_and_says_so()
    {
        for (var i = 0; i < 20; i++)
        {
            Look($"k{i}");
        }
        Assert.Equal("failed: more than 20 names are watched already", Look("k20"));
        Assert.Equal("pending", Look("k19"));
        Assert.Equal(20, _table.Count);
    }

    [Fact]
    public async Task A_disposed_table_ends_its_watches_and_keeps_what_it_knew()
    {
        Look("a");
        _time.Advance(0);
        _source.Last.Say("10.0.0.1:80");
        await _table.DisposeAsync();
        Assert.True(_source.Last.IsStopped);
        Assert.Equal("10.0.0.1:80", Look("a"));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Single(_source.Sessions);
    }
}
