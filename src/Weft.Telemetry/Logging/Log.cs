namespace Weft.Telemetry;

/// <summary>How a log is kept.</summary>
public sealed record LogOptions
{
    public static readonly LogOptions Default = new();

    public LogFormat Format { get; init; } = LogFormat.Text;

    /// <summary>The level at the start; <see cref="Log.Level"/> changes it later.</summary>
    public LogLevel Level { get; init; } = LogLevel.Info;

    /// <summary>How often the same message is shown in a second; the rest is summed up in one line.</summary>
    public int PerMessagePerSecond { get; init; } = 10;

    /// <summary>Lines that may wait for a slow output; beyond it they are counted and lost.</summary>
    public int Capacity { get; init; } = 8192;
}

/// <summary>
/// Writes lines for people and machines: <c>log.Warn("cannot connect", ("endpoint", address), ("error", e))</c>. From any thread, event loops
/// included: a call never waits for the output. The message is a constant and says what happened, the fields say to whom;
/// the same message is shown only so often in a second, then counted.
/// </summary>
public sealed class Log : IDisposable
{
    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private readonly LogFormat _format;
    private readonly LogSink _sink;
    private readonly LogThrottle _throttle;
    private readonly Lock _throttleGate = new();
    private readonly ITimer _tick;
    private volatile LogLevel _level;

    /// <summary>Opens a log.</summary>
    /// <param name="output">Where lines go, usually the standard error stream. Written by one thread of the log's own; not disposed.</param>
    /// <param name="time">Stamps the lines and measures the seconds.</param>
    /// <param name="options">Format, level and bounds.</param>
    public Log(TextWriter output, TimeProvider time, LogOptions? options = null)
    {
        options ??= LogOptions.Default;
        (_time, _format, _level) = (time, options.Format, options.Level);
        _sink = new LogSink(output, time, options.Capacity, LossLine);
        _throttle = new LogThrottle(time, options.PerMessagePerSecond);
        _tick = time.CreateTimer(
            static log => ((Log)log!).TellHeld(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>What is shown: this level and those above. May be changed at any time, from any thread.</summary>
    public LogLevel Level
    {
        get => _level;
        set => _level = value;
    }

    /// <summary>Lines that could not be written, because the output was too slow or failed.</summary>
    public long Lost => _sink.Lost;

    /// <summary>Asked before fields are made that cost something; the calls below ask it themselves.</summary>
    public bool IsEnabled(LogLevel level) => level >= _level && level < LogLevel.Off;

    public void Debug(string message, params ReadOnlySpan<(string Key, LogValue Value)> fields) =>
        Write(LogLevel.Debug, message, fields);

    public void Info(string message, params ReadOnlySpan<(string Key, LogValue Value)> fields) =>
        Write(LogLevel.Info, message, fields);

    public void Warn(string message, params ReadOnlySpan<(string Key, LogValue Value)> fields) =>
        Write(LogLevel.Warn, message, fields);

    public void Error(string message, params ReadOnlySpan<(string Key, LogValue Value)> fields) =>
        Write(LogLevel.Error, message, fields);

    public void Write(LogLevel level, string message, params ReadOnlySpan<(string Key, LogValue Value)> fields)
    {
        if (!IsEnabled(level))
            return;
        lock (_throttleGate)
        {
            var heldAny = _throttle.HoldsAny;
            if (!_throttle.Allows(level, message))
            {
                if (!heldAny)
                    _tick.Change(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
                return;
            }
        }

        Emit(level, message, fields);
    }

    /// <summary>Waits until the lines so far are written; false when that took longer.</summary>
    public bool Flush(TimeSpan timeout) => _sink.Flush(timeout);

    /// <summary>Tells what is still held back, writes what waits (2 s at most, if the output hangs) and ends.</summary>
    public void Dispose()
    {
        _tick.Dispose();
        Tell(evenOpenWindows: true);
        _sink.Close(CloseWithin);
    }

    private void TellHeld() => Tell(evenOpenWindows: false);

    private void Tell(bool evenOpenWindows)
    {
        List<(LogLevel Level, string Message, long Count)> held;
        lock (_throttleGate)
        {
            held = _throttle.TakeHeld(evenOpenWindows);
            if (!_throttle.HoldsAny && !evenOpenWindows)
                _tick.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        foreach (var (level, message, count) in held)
            Emit(level, message, [("more", $"and {count} more like this")]);
    }

    private void Emit(LogLevel level, string message, ReadOnlySpan<(string Key, LogValue Value)> fields) =>
        _sink.Add(LogLine.Format(_format, _time.GetUtcNow(), level, message, fields));

    private string LossLine(long count) =>
        LogLine.Format(
            _format,
            _time.GetUtcNow(),
            LogLevel.Warn,
            "log lines were lost, the output is slow or failed",
            [("count", count)]
        );
}
