using System.Text.Json;

namespace Weft.Telemetry.Tests.Logging;

public sealed class LogTests : IDisposable
{
    private readonly VirtualTime _time = new(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));
    private readonly StringWriter _output = new();
    private Log _log;

    public LogTests() => _log = new Log(_output, _time);

    public void Dispose() => _log.Dispose();

    [Fact]
    public void A_line_has_time_level_message_and_fields()
    {
        _log.Info(
            "listening",
            ("name", "outbound"),
            ("port", 4140),
            ("took", TimeSpan.FromMilliseconds(12.5)),
            ("ratio", 0.5),
            ("tls", false),
            ("nothing", LogValue.Of(null)),
            ("error", new InvalidOperationException("no way", new IOException("disk"))),
            ("address", LogValue.Of(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 80)))
        );
        Assert.Equal(
            "2026-01-31T12:00:00.000Z INFO  listening name=outbound port=4140 took=12.5ms ratio=0.5 tls=false nothing=\"\" "
                + "error=\"InvalidOperationException: no way <- IOException: disk\" address=127.0.0.1:80",
            Assert.Single(Lines())
        );
    }

    [Theory]
    [InlineData("a\n2026-01-31T12:00:00.000Z ERROR forged", "v=\"a\\n2026-01-31T12:00:00.000Z ERROR forged\"")]
    [InlineData("a\r\tb", "v=a\\r\\tb")]
    [InlineData("x y=\"z\" \\", "v=\"x y=\\\"z\\\" \\\\\"")]
    [InlineData("\u001b[31mred", "v=\\u001b[31mred")]
    [InlineData("a\u2028b\u0085c\u202ed", "v=a\\u2028b\\u0085c\\u202ed")]
    [InlineData("grün 🦊", "v=\"grün 🦊\"")]
    public void No_value_can_forge_a_line_a_field_or_a_terminal_command(string value, string expected)
    {
        _log.Warn("m", ("v", value));
        Assert.EndsWith(" WARN  m " + expected, Assert.Single(Lines()), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_character_is_written_as_an_escape()
    {
        _log.Warn("m", ("v", "\ud800x\udc00"));
        Assert.EndsWith(" v=\\ud800x\\udc00", Assert.Single(Lines()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_cannot_forge_a_line_either()
    {
        _log.Error("a\nb\u001b");
        Assert.EndsWith("ERROR a\\nb\\u001b", Assert.Single(Lines()), StringComparison.Ordinal);
    }

    [Fact]
    public void Long_values_are_cut_and_no_character_is_cut_in_half()
    {
        _log.Info("m", ("v", new string('a', LogLine.MaxValueLength - 1) + "🦊🦊"));
        Assert.EndsWith("aaa…", Assert.Single(Lines()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_json_line_is_one_object_whose_own_members_no_field_replaces()
    {
        _log = new Log(_output, _time, new LogOptions { Format = LogFormat.Json });
        _log.Warn(
            "bad \"thing\"\n",
            ("port", 80),
            ("ok", true),
            ("nan", double.NaN),
            ("level", "x"),
            ("s", "a\u2028\ud800")
        );
        var json = JsonDocument.Parse(Assert.Single(Lines())).RootElement;
        Assert.Equal("2026-01-31T12:00:00.000Z", json.GetProperty("time").GetString());
        Assert.Equal("warn", json.GetProperty("level").GetString());
        Assert.Equal("bad \"thing\"\n", json.GetProperty("message").GetString());
        Assert.Equal(80, json.GetProperty("port").GetInt32());
        Assert.True(json.GetProperty("ok").GetBoolean());
        Assert.Equal("NaN", json.GetProperty("nan").GetString());
        Assert.Equal("x", json.GetProperty("level_").GetString());
        Assert.Equal("a\u2028\ufffd", json.GetProperty("s").GetString());
    }

    [Fact]
    public void The_level_can_be_changed_while_running()
    {
        _log.Debug("1");
        _log.Level = LogLevel.Debug;
        _log.Debug("2");
        _log.Level = LogLevel.Error;
        _log.Warn("3");
        _log.Level = LogLevel.Off;
        _log.Error("4");
        Assert.False(_log.IsEnabled(LogLevel.Off));
        Assert.EndsWith("DEBUG 2", Assert.Single(Lines()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_level_that_is_off_allocates_nothing()
    {
        LogAtDebug(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        LogAtDebug(1000);
        // A collection on another thread may close this thread's allocation context, which counts as up to 8 KiB.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 * 1024);

        void LogAtDebug(int times)
        {
            for (var i = 0; i < times; i++)
                _log.Debug("m", ("i", i), ("name", "x"), ("took", TimeSpan.FromTicks(i)));
        }
    }

    [Theory]
    [InlineData("warn", true, LogLevel.Warn)]
    [InlineData("DEBUG", true, LogLevel.Debug)]
    [InlineData("off", true, LogLevel.Off)]
    [InlineData("verbose", false, default(LogLevel))]
    [InlineData("1", false, default(LogLevel))]
    [InlineData(null, false, default(LogLevel))]
    public void Levels_are_read_by_name(string? text, bool known, LogLevel expected)
    {
        Assert.Equal(known, LogLevels.TryParse(text, out var level));
        Assert.Equal(expected, level);
    }

    private string[] Lines()
    {
        Assert.True(_log.Flush(TimeSpan.FromSeconds(30)));
        return _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
