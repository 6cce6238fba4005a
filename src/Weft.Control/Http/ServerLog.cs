using Microsoft.Extensions.Logging;
using Weft.Telemetry;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Weft.Control;

/// <summary>Takes what the web server says into our own log: warnings and worse.</summary>
internal sealed class ServerLog(Log log) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Category(log, categoryName);

    public void Dispose()
    {
        // The log is the caller's.
    }

    private sealed class Category(Log log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
            {
                var level = logLevel == LogLevel.Warning ? Telemetry.LogLevel.Warn : Telemetry.LogLevel.Error;
                log.Write(
                    level,
                    "the web server reports",
                    ("from", name),
                    ("text", formatter(state, exception)),
                    ("exception", exception)
                );
            }
        }
    }
}
