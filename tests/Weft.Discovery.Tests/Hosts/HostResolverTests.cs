using System.Net;

namespace Weft.Discovery.Tests.Hosts;

public sealed class HostResolverTests : IAsyncDisposable
{
    private readonly VirtualTime _time = new();
    private readonly FakeDns _dns = new();
    private HostResolver _resolver;

    public HostResolverTests() => _resolver = new HostResolver(_dns.Ask, _time, new Random(1));

    public ValueTask DisposeAsync() => _resolver.DisposeAsync();

    private void Use(HostResolverOptions options) =>
        _resolver = new HostResolver(_dns.Ask, _time, new Random(1), options);

    private string Look(string host, bool once = false) =>
        _resolver.Lookup(host, once) switch
        {
            HostAnswer.Known known => string.Join(",", known.Addresses),
            HostAnswer.Failed failed => "failed: " + failed.Message,
            HostAnswer.Neg => "~",
            _ => "pending",
        };

    [Fact]
    public void The_first_question_is_pending_and_the_next_has_the_answer()
    {
        _dns.Set("a", "10.0.0.2", "10.0.0.1", "10.0.0.2");
        Assert.Equal("pending", Look("a"));
        Assert.Empty(_dns.Asked);
        _time.Advance(0);
        Assert.Equal("10.0.0.1,10.0.0.2", Look("a"));
    }

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("::1")]
    public void An_ip_address_is_its_own_answer(string address)
    {
        Assert.Equal(address, Look(address));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(_dns.Asked);
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a..b")]
    [InlineData("-a")]
    [InlineData("")]
    public void What_is_no_host_is_not_asked_for(string host)
    {
        Assert.Equal($"failed: '{host}' is not the name of a host", Look(host));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(_dns.Asked);
    }

    [Fact]
    public void A_host_is_asked_for_again_about_every_five_seconds()
    {
        _dns.Set("a", "10.0.0.1");
        Look("a");
        _time.Advance(TimeSpan.FromSeconds(100));
        Assert.InRange(_dns.Asked.Count, 100 / 6, 100 / 4 + 1);
    }

    [Fact]
    public void Hosts_first_asked_together_drift_apart()
    {
        foreach (var host in new[] { "a", "b", "c" })
        {
            _dns.Set(host, "10.0.0.1");
            Look(host);
        }
        _time.Advance(0);
        _dns.Asked.Clear();
        var moments = new HashSet<double>();
        for (var ms = 0; _dns.Asked.Count < 3; ms += 10)
        {
            var before = _dns.Asked.Count;
            _time.Advance(10);
            if (_dns.Asked.Count > before)
            {
                moments.Add(ms);
            }
        }
        Assert.Equal(3, moments.Count);
    }

    [Fact]
    public void A_failure_keeps_what_is_known_for_as_long_as_it_lasts()
    {
        _dns.Set("a", "10.0.0.1");
        Look("a");
        _time.Advance(0);
        _dns.Fail("a");
        using var watch = _resolver.Watch("a");
        _time.Advance(TimeSpan.FromHours(5));
        Assert.Equal("10.0.0.1", Look("a"));
    }

    [Fact]
    public void A_failure_is_told_when_nothing_is_known_and_forgotten_when_something_is()
    {
        _dns.Fail("a");
        Look("a");
        _time.Advance(0);
        Assert.StartsWith("failed: a was not resolved: ", Look("a"));
        _dns.Set("a", "10.0.0.1");
        _time.Advance(6000);
        Assert.Equal("10.0.0.1", Look("a"));
    }

    [Fact]
    public void A_host_that_never_was_is_neg_at_once()
    {
        Look("a");
        _time.Advance(0);
        Assert.Equal("~", Look("a"));
    }

    [Fact]
    public void Known_addresses_are_given_up_when_the_host_was_denied_three_times_in_a_row()
    {
        _dns.Set("a", "10.0.0.1");
        Look("a");
        _time.Advance(0);
        _dns.Deny("a");
        var answers = new List<string>();
        for (var denials = 1; denials <= 3; denials++)
        {
            var asked = _dns.Asked.Count;
            while (_dns.Asked.Count == asked)
            {
                _time.Advance(10);
            }
            answers.Add(Look("a"));
        }
        Assert.Equal(["10.0.0.1", "10.0.0.1", "~"], answers);
    }

    [Fact]
    public void A_question_that_is_never_answered_fails_and_is_asked_again()
    {
        var silent = new TaskCompletionSource<IPAddress[]>();
        var asked = 0;
        _resolver = new HostResolver(
            (_, _) => ++asked == 1 ? silent.Task : Task.FromResult<IPAddress[]>([IPAddress.Loopback]),
            _time,
            new Random(1)
        );
        Look("a");
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("failed: a was not resolved within 10 s", Look("a"));
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("127.0.0.1", Look("a"));
    }

    [Fact]
    public void Questions_at_the_same_time_are_bounded()
    {
        var waiting = new List<TaskCompletionSource<IPAddress[]>>();
        _resolver = new HostResolver(
            (_, _) =>
            {
                waiting.Add(new TaskCompletionSource<IPAddress[]>());
                return waiting[^1].Task;
            },
            _time,
            new Random(1),
            new HostResolverOptions { MaxQuestions = 2 }
        );
        for (var i = 0; i < 5; i++)
        {
            Look($"host{i}");
        }
        _time.Advance(0);
        Assert.Equal(2, waiting.Count);
        waiting[0].SetResult([IPAddress.Loopback]);
        _time.Advance(0);
        Assert.Equal(3, waiting.Count);
    }

    [Fact]
    public void An_answer_that_changes_is_announced_and_one_in_another_order_is_not()
    {
        var changes = 0;
        _resolver.Changed += () => changes++;
        _dns.Set("a", "10.0.0.1", "10.0.0.2");
        var before = _resolver.Version;
        Look("a");
        _time.Advance(0);
        Assert.Equal((1, before + 1), (changes, _resolver.Version));
        var answer = _resolver.Lookup("a");

        _dns.Set("a", "10.0.0.2", "10.0.0.1");
        _time.Advance(6000);
        Assert.Same(answer, _resolver.Lookup("a"));
        Assert.Equal(1, changes);

        _dns.Set("a", "10.0.0.3");
        _time.Advance(6000);
        Assert.Equal((2, before + 2), (changes, _resolver.Version));
    }

    [Fact]
    public void Who_keeps_answers_is_told_when_one_is_forgotten_and_asks_again()
    {
        _dns.Set("a", "10.0.0.1");
        Look("a");
        _time.Advance(0);
        var told = 0;
        _resolver.Changed += () =>
        {
            told++;
            Look("a");
        };

        _time.Advance(TimeSpan.FromMinutes(11));
        _dns.Set("a", "10.0.0.2");
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.True(told > 0);
        Assert.Equal("10.0.0.2", Look("a"));
    }

    [Fact]
    public void A_host_that_nobody_asks_for_is_forgotten_and_a_watched_one_is_not()
    {
        _dns.Set("a", "10.0.0.1");
        _dns.Set("b", "10.0.0.1");
        Look("a");
        var watch = _resolver.Watch("b");
        _time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(1, _resolver.Count);
        Assert.IsType<HostAnswer.Known>(watch.Answer);
        watch.Dispose();
        watch.Dispose();
        _time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(0, _resolver.Count);
    }

    [Fact]
    public void The_table_is_bounded_and_the_unused_go_first()
    {
        Use(new HostResolverOptions { MaxHosts = 100 });
        using var watch = _resolver.Watch("10.9.9.9");
        for (var i = 0; i < 1000; i++)
        {
            _time.Advance(1);
            Look($"10.0.{i / 250}.{i % 250}");
            Assert.InRange(_resolver.Count, 1, 110);
        }
        _time.Advance(0);
        Assert.InRange(_resolver.Count, 80, 100);
        Assert.Equal("10.9.9.9", Assert.IsType<HostAnswer.Known>(watch.Answer).Addresses[0].ToString());
    }

    [Fact]
    public void A_full_table_refuses_until_room_was_made()
    {
        Use(new HostResolverOptions { MaxHosts = 10 });
        var answers = Enumerable.Range(0, 12).Select(i => Look($"10.0.0.{i}")).ToArray();
        Assert.Equal("failed: 10.0.0.11 is not resolved: there are more than 10 hosts already", answers[11]);
        _time.Advance(0);
        Assert.Equal("10.0.0.11", Look("10.0.0.11"));
    }

    [Fact]
    public void A_host_that_is_asked_for_once_keeps_its_first_answer()
    {
        _dns.Set("a", "10.0.0.1");
        Look("a", once: true);
        _time.Advance(0);
        _dns.Set("a", "10.0.0.2");
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("10.0.0.1", Look("a", once: true));
        Look("a");
        _time.Advance(0);
        Assert.Equal("10.0.0.2", Look("a"));
    }

    [Fact]
    public async Task A_disposed_resolver_asks_no_more()
    {
        _dns.Set("a", "10.0.0.1");
        Look("a");
        _time.Advance(0);
        await _resolver.DisposeAsync();
        var asked = _dns.Asked.Count;
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(asked, _dns.Asked.Count);
        Assert.Equal("10.0.0.1", Look("a"));
    }
}
