namespace Weft.Http;

/// <summary>The bounds and times of an HTTP/2 connection, either side's.</summary>
/// <param name="Limits">The bounds of a head, counted decoded (RFC 9113 section 10.5.1); at most 120 KiB.</param>
/// <param name="IdleMilliseconds">How long a connection without streams is kept.</param>
/// <param name="HeadMilliseconds">How long a preface, or a head in several frames, may take from its first byte to its last.</param>
public sealed record Http2Options(HeadLimits Limits, int IdleMilliseconds, int HeadMilliseconds)
{
    private const int MostStreams = 10_000;
    private const int LargestWindow = 16 * 1024 * 1024;

    /// <summary>
    /// Requests that a client may have under way at once; together with those that it has cancelled and that have not ended here yet, twice as many. 1 to 10 000.
    /// </summary>
    public int MaxConcurrentStreams { get; init; } = 128;

    /// <summary>Bytes of a body that are buffered when its reader does not read: 65 535 to 16 MiB.</summary>
    public int StreamWindow { get; init; } = 128 * 1024;

    /// <summary>
    /// Bytes of all bodies together that are buffered: at least <see cref="StreamWindow"/>. With <see cref="StreamWindow"/> times the number of streams, no reader
    /// that does not read holds up another.
    /// </summary>
    public int ConnectionWindow { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long the peer may take to acknowledge SETTINGS.</summary>
    public int SettingsMilliseconds { get; init; } = 10_000;

    /// <summary>How long a stream may wait for the peer to take its data before it is reset; the same for the connection.</summary>
    public int SendMilliseconds { get; init; } = 30_000;

    /// <summary>After how long without a frame a connection with streams is asked whether it still lives; 0: never.</summary>
    public int PingMilliseconds { get; init; }

    /// <summary>How long the answer to that may take.</summary>
    public int PingTimeoutMilliseconds { get; init; } = 10_000;

    /// <summary>How long a closing connection goes on reading, so that the peer gets to see why.</summary>
    public int LingerMilliseconds { get; init; } = 1000;

    /// <summary>How long new streams are still taken once a connection drains, for those that are on their way.</summary>
    public int DrainGraceMilliseconds { get; init; } = 1000;

    /// <summary>A server offers extended CONNECT (RFC 8441).</summary>
    public bool EnableConnectProtocol { get; init; }

    /// <summary>Returns the options when they make sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range.</exception>
    internal static Http2Options Checked(Http2Options options)
    {
        var makeSense =
            options.MaxConcurrentStreams is >= 1 and <= MostStreams
            && options.StreamWindow is >= Http2Settings.DefaultWindow and <= LargestWindow
            && options.ConnectionWindow >= options.StreamWindow;
        return makeSense
            ? options
            : throw new ArgumentOutOfRangeException(
                nameof(options),
                options,
                $"MaxConcurrentStreams is 1 to {MostStreams}, StreamWindow {Http2Settings.DefaultWindow} to {LargestWindow} and ConnectionWindow no less."
            );
    }
}
