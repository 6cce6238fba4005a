namespace Weft.Cli.Checks;

/// <summary>Why nothing came back that could be read.</summary>
internal enum Silence
{
    /// <summary>The machine answers, and nobody listens on the port.</summary>
    Refused,

    /// <summary>There is no way to the address, or the connection broke.</summary>
    Unreachable,

    /// <summary>The time was over before the answer was complete.</summary>
    Slow,

    /// <summary>Something else than HTTP.</summary>
    NotHttp,

    /// <summary>More than is read.</summary>
    TooLong,

    /// <summary>TLS could not be spoken, or the certificate was not accepted.</summary>
    Tls,
}

/// <summary>What came of a question over HTTP.</summary>
internal abstract record Answer
{
    private Answer() { }

    /// <summary>A complete response, whatever it says.</summary>
    /// <param name="Status">Of HTTP.</param>
    /// <param name="Text">The body.</param>
    /// <param name="Times">When it was asked and answered.</param>
    /// <param name="Date">The field <c>date</c>; null when there is none.</param>
    /// <param name="IsProxyError">Whether it carries <c>weft-error</c>: a proxy answers so on the ports of its traffic.</param>
    public sealed record Page(
        int Status,
        string Text,
        AskedTimes Times,
        DateTimeOffset? Date = null,
        bool IsProxyError = false
    ) : Answer;

    /// <summary>No response.</summary>
    /// <param name="Why">In one word.</param>
    /// <param name="Message">In a few.</param>
    public sealed record None(Silence Why, string Message) : Answer;
}

/// <summary>This machine's clock around a question.</summary>
/// <param name="Asked">Before it was sent.</param>
/// <param name="Answered">After the answer had come.</param>
internal readonly record struct AskedTimes(DateTimeOffset Asked, DateTimeOffset Answered);
