using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Weft.Telemetry;

/// <summary>
/// Makes one line out of a message and its fields, such that nothing in them can look like another line, another field or a
/// command to the terminal: control characters, line and paragraph separators, marks that turn the writing direction
/// and broken surrogates are written as escapes.
/// </summary>
internal static class LogLine
{
    /// <summary>Longer values are cut, and end in an ellipsis.</summary>
    public const int MaxValueLength = 4096;

    public static string Format(
        LogFormat format,
        DateTimeOffset time,
        LogLevel level,
        string message,
        ReadOnlySpan<(string Key, LogValue Value)> fields
    )
    {
        var timestamp = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return format == LogFormat.Json
            ? Json(timestamp, level, message, fields)
            : Text(timestamp, level, message, fields);
    }

    private static string Text(
        string timestamp,
        LogLevel level,
        string message,
        ReadOnlySpan<(string Key, LogValue Value)> fields
    )
    {
        var line = new StringBuilder(160);
        line.Append(timestamp).Append(' ');
        line.Append(LogLevels.NameOf(level).ToUpperInvariant().PadRight(5)).Append(' ');
        AppendEscaped(line, message, quoted: false);
        foreach (var (key, value) in fields)
        {
            line.Append(' ');
            AppendEscaped(line, key, quoted: false);
            line.Append('=');
            var text = value.ToString();
            var quoted = text.Length == 0 || text.AsSpan().ContainsAny(" \"=\\");
            if (quoted)
                line.Append('"');
            AppendEscaped(line, text, quoted);
            if (quoted)
                line.Append('"');
        }

        return line.ToString();
    }

    private static string Json(
        string timestamp,
        LogLevel level,
        string message,
        ReadOnlySpan<(string Key, LogValue Value)> fields
    )
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("time", timestamp);
            json.WriteString("level", LogLevels.NameOf(level));
            json.WriteString("message", Cut(message));
            foreach (var (key, value) in fields)
            {
                // A field must not stand for one of the line's own; a reader would take the last of two.
                json.WritePropertyName(key is "time" or "level" or "message" ? key + "_" : key);
                if (value.IsBare)
                    json.WriteRawValue(value.ToString());
                else
                    json.WriteStringValue(Cut(value.ToString()));
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static string Cut(string text)
    {
        if (text.Length <= MaxValueLength)
            return text;
        var end = char.IsHighSurrogate(text[MaxValueLength - 1]) ? MaxValueLength - 1 : MaxValueLength;
        return string.Concat(text.AsSpan(0, end), "…");
    }

    private static void AppendEscaped(StringBuilder line, string text, bool quoted)
    {
        text = Cut(text);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quoted && c is '"' or '\\')
                line.Append('\\').Append(c);
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                line.Append(c).Append(text[++i]);
            else if (IsHarmless(c))
                line.Append(c);
            else
                AppendEscape(line, c);
        }
    }

    private static bool IsHarmless(char c) =>
        c is >= ' ' and <= '~'
        || (
            c > '~'
            && CharUnicodeInfo.GetUnicodeCategory(c)
                is not (
                    UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
                    or UnicodeCategory.Surrogate
                )
        );

    private static void AppendEscape(StringBuilder line, char c)
    {
        switch (c)
        {
            case '\n':
                line.Append("\\n");
                break;
            case '\r':
                line.Append("\\r");
                break;
            case '\t':
                line.Append("\\t");
                break;
            default:
                line.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                break;
        }
    }
}
