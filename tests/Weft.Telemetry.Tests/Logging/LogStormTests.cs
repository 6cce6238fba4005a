using System.Text;

namespace Weft.Telemetry.Tests.Logging;

public sealed class LogStormTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly VirtualTime _time = new();

    [Fact]
    public void A_storm_of_one_message_is_shown_ten_times_a_second_and_then_counted()
    {
        var output = new StringWriter();
        using var log = new Log(output, _time);
        for (var i = 0; i < 1000; i++)
            log.Warn("cannot connect", ("i", i));
        log.Info("something else");
        _time.Advance(TimeSpan.FromSeconds(1));
        log.Warn("cannot connect", ("i", 1000));

        Assert.True(log.Flush(Patience));
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(13, lines.Length);
        Assert.EndsWith("cannot connect i=9", lines[9], StringComparison.Ordinal);
        Assert.EndsWith("something else", lines[10], StringComparison.Ordinal);
        Assert.EndsWith("WARN  cannot connect more=\"and 990 more like this\"", lines[11], StringComparison.Ordinal);
        Assert.EndsWith("cannot connect i=1000", lines[12], StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_storm_held_back_is_told_even_when_nothing_follows_and_only_once()
    {
        var output = new StringWriter();
        using var log = new Log(output, _time);
        for (var i = 0; i < 12; i++)
            log.Warn("cannot connect");
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(log.Flush(Patience));
        Assert.Single(output.ToString().Split('\n'), line => line.Contains("and 2 more", StringComparison.Ordinal));
    }

    [Fact]
    public void Closing_tells_what_is_held_back()
    {
        var output = new StringWriter();
        var log = new Log(output, _time);
        for (var i = 0; i < 15; i++)
            log.Warn("cannot connect");
        log.Dispose();
        Assert.Contains("and 5 more", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Messages_without_number_share_one_allowance_and_no_memory()
    {
        var output = new StringWriter();
        using var log = new Log(output, _time);
        for (var i = 0; i < 5000; i++)
            log.Warn($"message {i}");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(log.Flush(Patience));
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.InRange(lines.Length, 1024, 1040);
        Assert.Contains("(other messages)", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_slow_output_holds_nobody_up_and_what_was_lost_is_said()
    {
        using var output = new BlockedWriter();
        using var log = new Log(output, _time, new LogOptions { Capacity = 5, PerMessagePerSecond = 1000 });
        log.Info("first");
        Assert.True(output.Reached.Wait(Patience, TestContext.Current.CancellationToken));
        for (var i = 0; i < 20; i++)
            log.Info("more", ("i", i)); // returns though the output hangs
        Assert.Equal(15, log.Lost);
        Assert.False(log.Flush(TimeSpan.FromMilliseconds(1)));

        output.Release.Set();
        Assert.True(log.Flush(Patience));
        var lines = output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(7, lines.Length);
        Assert.EndsWith(
            "WARN  log lines were lost, the output is slow or failed count=15",
            lines[1],
            StringComparison.Ordinal
        );
        Assert.EndsWith("more i=4", lines[6], StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_fails_is_counted_and_tried_again()
    {
        using var output = new BlockedWriter { Fails = true };
        output.Release.Set();
        using var log = new Log(output, _time);
        log.Info("lost");
        Assert.True(log.Flush(Patience));
        Assert.Equal(1, log.Lost);
        output.Fails = false;
        log.Info("written");
        Assert.True(log.Flush(Patience));
        Assert.Contains("count=1\n", output.Text, StringComparison.Ordinal);
        Assert.Contains("written\n", output.Text, StringComparison.Ordinal);
    }

    /// <summary>An output that waits until it is released, or fails.</summary>
    private sealed class BlockedWriter : TextWriter
    {
        private readonly StringBuilder _text = new();

        public ManualResetEventSlim Reached { get; } = new();

        public ManualResetEventSlim Release { get; } = new();

        public volatile bool Fails;

        public string Text => _text.ToString();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            Reached.Set();
            Release.Wait();
            if (Fails)
                throw new IOException("broken pipe");
            _text.Append(value);
        }

        protected override void Dispose(bool disposing)
        {
            Release.Set();
            base.Dispose(disposing);
        }
    }
}
