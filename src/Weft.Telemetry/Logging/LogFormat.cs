namespace Weft.Telemetry;

/// <summary>How log lines look.</summary>
public enum LogFormat
{
    /// <summary><c>2026-01-31T12:00:00.000Z WARN  message key=value</c>.</summary>
    Text,

    /// <summary>One JSON object a line, with <c>time</c>, <c>level</c>, <c>message</c> and the fields.</summary>
    Json,
}
