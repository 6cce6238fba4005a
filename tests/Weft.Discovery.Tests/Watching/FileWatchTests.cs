using System.Text;

namespace Weft.Discovery.Tests.Watching;

public sealed class FileWatchTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly VirtualTime _time = new();
    private readonly List<string> _log = [];

    public void Dispose() => _folder.Dispose();

    /// <summary>Writes into the log what the watch reports: <c>+name=content</c>, <c>-name</c>, <c>?name</c>.</summary>
    private FileWatch Watch(string name = "", FileWatchOptions? options = null)
    {
        var watch = new FileWatch(_folder.At(name), _time, options);
        watch.Changed += changes =>
        {
            _log.AddRange(changes.Changed.Select(f => $"+{f.Name}={Encoding.UTF8.GetString(f.Content.Span)}"));
            _log.AddRange(changes.Removed.Select(n => $"-{n}"));
            _log.AddRange(changes.Unreadable.Select(u => $"?{u.Name}"));
        };
        return watch;
    }

    private string[] Poll(FileWatch watch)
    {
        _log.Clear();
        watch.PollOnce();
        _time.Advance(100);
        return [.. _log];
    }

    [Fact]
    public void The_first_poll_reports_all_that_is_there()
    {
        _folder.Write("b", "2");
        _folder.Write("a", "1");
        Assert.Equal(["+a=1", "+b=2"], Poll(Watch()));
    }

    [Fact]
    public void A_change_is_believed_when_two_polls_have_seen_it()
    {
        _folder.Write("a", "1");
        var watch = Watch();
        Poll(watch);
        _folder.Write("a", "2");
        Assert.Empty(Poll(watch));
        Assert.Equal(["+a=2"], Poll(watch));
        Assert.Empty(Poll(watch));
    }

    [Fact]
    public void A_file_that_is_still_being_written_is_waited_for()
    {
        _folder.Write("a", "1");
        var watch = Watch();
        Poll(watch);
        foreach (var part in new[] { "l", "lo", "lon", "long" })
        {
            _folder.Write("a", part);
            Assert.Empty(Poll(watch));
        }
        Assert.Equal(["+a=long"], Poll(watch));
    }

    [Fact]
    public void A_new_file_and_a_vanished_one_are_changes()
    {
        _folder.Write("a", "1");
        var watch = Watch();
        Poll(watch);
        _folder.Delete("a");
        _folder.Write("b", "2");
        Assert.Empty(Poll(watch));
        Assert.Equal(["+b=2", "-a"], Poll(watch));
    }

    [Fact]
    public void A_file_that_is_gone_for_one_poll_only_was_never_gone()
    {
        _folder.Write("a", "1");
        var watch = Watch();
        Poll(watch);
        _folder.Delete("a");
        Assert.Empty(Poll(watch));
        _folder.Write("a", "1");
        Assert.Empty(Poll(watch));
        Assert.Empty(Poll(watch));
    }

    [Fact]
    public void A_file_that_is_touched_but_says_the_same_is_no_change()
    {
        _folder.Write("a", "1");
        var watch = Watch();
        Poll(watch);
        _folder.Write("a", "1");
        Assert.Empty(Poll(watch));
        Assert.Empty(Poll(watch));
    }

    [Fact]
    public void A_file_that_became_empty_must_stay_so_for_longer()
    {
        _folder.Write("a", "1");
        var watch = Watch();
        Poll(watch);
        _folder.Write("a", "");
        Assert.Empty(Poll(watch)); // seen once
        Assert.Empty(Poll(watch)); // seen twice; 300 ms begin
        Assert.Empty(Poll(watch)); // 100
        Assert.Empty(Poll(watch)); // 200
        Assert.Equal(["+a="], Poll(watch)); // 300
    }

    [Fact]
    public void A_file_that_was_emptied_and_filled_again_is_seen_full_only()
    {
        _folder.Write("a", "1");
        var watch = Watch();
        Poll(watch);
        _folder.Write("a", "");
        Poll(watch);
        Poll(watch);
        _folder.Write("a", "2");
        Assert.Empty(Poll(watch));
        Assert.Equal(["+a=2"], Poll(watch));
    }

    [Fact]
    public void A_new_empty_file_needs_no_grace()
    {
        var watch = Watch();
        Poll(watch);
        _folder.Write("a", "");
        Assert.Empty(Poll(watch));
        Assert.Equal(["+a="], Poll(watch));
    }

    [Fact]
    public void Changes_are_reported_together_when_all_have_settled()
    {
        _folder.Write("a", "1");
        var watch = Watch();
        Poll(watch);
        _folder.Write("a", "2");
        Assert.Empty(Poll(watch));
        _folder.Write("b", "2");
        Assert.Empty(Poll(watch));
        Assert.Equal(["+a=2", "+b=2"], Poll(watch));
    }

    [Fact]
    public void A_file_that_never_settles_does_not_hold_back_the_others_for_ever()
    {
        _folder.Write("a", "1");
        var watch = Watch();
        Poll(watch);
        _folder.Write("a", "2");
        var polls = 0;
        string[] reported;
        do
        {
            _folder.Write("restless", $"{polls++}");
            reported = Poll(watch);
        } while (reported.Length == 0 && polls < 20);
        Assert.Equal(["+a=2"], reported);
        Assert.Equal(7, polls); // seen, believed, and 500 ms later reported
    }

    [Fact]
    public void A_link_that_is_swapped_is_a_change_even_when_the_files_look_alike()
    {
        var stamp = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(_folder.Write("v1/a", "1"), stamp);
        File.SetLastWriteTimeUtc(_folder.Write("v2/a", "2"), stamp);
        File.CreateSymbolicLink(_folder.At("now"), "v1");
        var watch = Watch("now");
        Assert.Equal(["+a=1"], Poll(watch));
        Directory.Delete(_folder.At("now"));
        File.CreateSymbolicLink(_folder.At("now"), "v2");
        Assert.Empty(Poll(watch));
        Assert.Equal(["+a=2"], Poll(watch));
    }

    [Fact]
    public void A_file_behind_a_link_is_watched_itself()
    {
        _folder.Write("data/a", "1");
        File.CreateSymbolicLink(_folder.At("link"), _folder.At("data/a"));
        var watch = Watch("link");
        Assert.Equal(["+link=1"], Poll(watch));
        _folder.Write("data/a", "2");
        Poll(watch);
        Assert.Equal(["+link=2"], Poll(watch));
    }

    [Fact]
    public void A_single_file_that_vanishes_is_a_change_and_a_problem()
    {
        _folder.Write("proxy.yaml", "1");
        var watch = Watch("proxy.yaml");
        Assert.Equal(["+proxy.yaml=1"], Poll(watch));
        _folder.Delete("proxy.yaml");
        Poll(watch);
        Assert.Equal(["-proxy.yaml"], Poll(watch));
        Assert.Equal(
            $"{_folder.At("proxy.yaml")}: there is no such file or folder",
            Assert.Single(watch.Problems).ToString()
        );
        _folder.Write("proxy.yaml", "1");
        Poll(watch);
        Assert.Equal(["+proxy.yaml=1"], Poll(watch));
        Assert.Empty(watch.Problems);
    }

    [Fact]
    public void A_folder_that_vanishes_is_a_problem_and_its_files_stay()
    {
        _folder.Write("mesh/a", "1");
        var watch = Watch("mesh");
        Poll(watch);
        Directory.Move(_folder.At("mesh"), _folder.At("elsewhere"));
        Assert.Empty(Poll(watch));
        Assert.Empty(Poll(watch));
        Assert.Single(watch.Problems);
        Directory.Move(_folder.At("elsewhere"), _folder.At("mesh"));
        Assert.Empty(Poll(watch));
        Assert.Empty(watch.Problems);
    }

    [Fact]
    public void A_path_that_leads_nowhere_yet_is_unreadable_until_it_does()
    {
        var watch = Watch("mesh");
        Assert.Equal(["?"], Poll(watch));
        _folder.Write("mesh/a", "1");
        Assert.Equal(["+a=1"], Poll(watch));
    }

    [Fact]
    public void A_file_that_is_too_large_is_a_problem_and_what_it_said_before_stays()
    {
        _folder.Write("a", "small");
        _folder.Write("b", "too large");
        var watch = Watch(options: new FileWatchOptions { MaxFileBytes = 5 });
        Assert.Equal(["+a=small", "?b"], Poll(watch));
        _folder.Write("a", "no longer small");
        Poll(watch);
        Assert.Equal(2, watch.Problems.Count);
        _folder.Write("a", "tiny");
        Poll(watch);
        Assert.Contains("+a=tiny", Poll(watch));
        Assert.EndsWith("it has 9 bytes, more than the 5 that are read", Assert.Single(watch.Problems).Message);
    }

    [Fact]
    public void Hidden_and_temporary_names_and_those_not_accepted_do_not_count()
    {
        foreach (var name in new[] { ".a.yaml", "a.yaml~", "a.yaml.tmp", "a.txt", ".git/x.yaml", "a.yaml" })
        {
            _folder.Write(name, "1");
        }
        var watch = Watch(
            options: new FileWatchOptions
            {
                Recursive = true,
                Accepts = n => n.EndsWith(".yaml", StringComparison.Ordinal),
            }
        );
        Assert.Equal(["+a.yaml=1"], Poll(watch));
    }

    [Fact]
    public void Folders_are_entered_only_when_asked_for()
    {
        _folder.Write("in/a", "1");
        Assert.Empty(Poll(Watch()));
        Assert.Equal(["+in/a=1"], Poll(Watch(options: new FileWatchOptions { Recursive = true })));
    }

    [Fact]
    public void A_link_that_leads_back_to_its_own_folder_is_a_problem_and_not_followed()
    {
        _folder.Write("in/a", "1");
        Directory.CreateSymbolicLink(_folder.At("in/back"), _folder.Path);
        Directory.CreateSymbolicLink(_folder.At("circle"), _folder.At("circle"));
        var watch = Watch(options: new FileWatchOptions { Recursive = true });
        Assert.Contains("+in/a=1", Poll(watch));
        Assert.Contains(watch.Problems, p => p.Message.Contains("leads back"));
        Assert.DoesNotContain(_log, line => line.Contains("back/"));
    }

    [Fact]
    public void Files_beyond_the_bound_are_a_problem_and_no_known_file_counts_as_gone()
    {
        _folder.Write("a", "1");
        _folder.Write("b", "2");
        var watch = Watch(options: new FileWatchOptions { MaxFiles = 2 });
        Poll(watch);
        _folder.Write("c", "3");
        _folder.Write("d", "4");
        Poll(watch);
        Assert.DoesNotContain(Poll(watch), line => line.StartsWith('-'));
        Assert.EndsWith("more than 2 files are not read", Assert.Single(watch.Problems).ToString());
    }

    [Theory]
    [InlineData(0, 100, 100)]
    [InlineData(5, 100, 100)]
    [InlineData(6, 120, 100)]
    [InlineData(50, 400, 100)]
    [InlineData(60, 400, 120)]
    [InlineData(1000, 400, 400)]
    public void A_slow_scan_is_followed_by_a_longer_pause_but_what_it_saw_is_soon_looked_at_again(
        double scan,
        double interval,
        double whenSettling
    )
    {
        var (took, least) = (TimeSpan.FromMilliseconds(scan), TimeSpan.FromMilliseconds(100));
        Assert.Equal(TimeSpan.FromMilliseconds(interval), FileWatch.IntervalAfter(took, least, isSettling: false));
        Assert.Equal(TimeSpan.FromMilliseconds(whenSettling), FileWatch.IntervalAfter(took, least, isSettling: true));
    }

    [Fact]
    public async Task A_started_watch_polls_by_itself_until_it_is_disposed()
    {
        _folder.Write("a", "1");
        var watch = Watch();
        watch.Start();
        Assert.Equal(["+a=1"], _log);
        _folder.Write("a", "2");
        _time.Advance(250); // It is seen, and looked at again sooner.
        _time.Advance(99);
        Assert.Single(_log);
        _time.Advance(1);
        Assert.Equal(["+a=1", "+a=2"], _log);
        await watch.DisposeAsync();
        _folder.Write("a", "3");
        _time.Advance(1000);
        Assert.Equal(2, _log.Count);
    }

    [Fact]
    public void A_subscriber_that_throws_does_not_end_the_watch()
    {
        _folder.Write("a", "1");
        var watch = Watch();
        watch.Changed += _ => throw new InvalidOperationException("no");
        Poll(watch);
        Assert.EndsWith("watching it failed: no", Assert.Single(watch.Problems).ToString());
        _folder.Write("a", "2");
        Poll(watch);
        Assert.Equal(["+a=2"], Poll(watch));
    }

    [Fact]
    public void A_file_that_was_just_written_is_read_again_whatever_its_stamp()
    {
        var now = _time.GetUtcNow().UtcDateTime;
        File.SetLastWriteTimeUtc(_folder.Write("a", "1"), now);
        var watch = Watch();
        Poll(watch);
        using (var file = File.OpenWrite(_folder.At("a")))
        {
            file.Write("2"u8);
        }
        File.SetLastWriteTimeUtc(_folder.At("a"), now);
        Poll(watch);
        Assert.Equal(["+a=2"], Poll(watch));
    }
}
