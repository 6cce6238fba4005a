using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Weft.Bench.Harness.Machine;

namespace Weft.Bench.Harness.Load;

/// <param name="Requests">Answered with success.</param>
/// <param name="PerSecond">Their rate.</param>
internal sealed record H2LoadResult(long Requests, double PerSecond);

/// <summary>HTTP/2 requests from h2load, with prior knowledge: one thread, <see cref="Connections"/> times <see cref="Streams"/>.</summary>
internal static partial class H2Load
{
    public const int Connections = 16;
    public const int Streams = 32;

    private const string NoOther = "0 3xx, 0 4xx, 0 5xx";

    /// <summary>So many requests as fast as can be. Any failed one makes the measurement worthless and throws.</summary>
    public static Task<H2LoadResult> Run(
        IPEndPoint address,
        Http2Call call,
        long requests,
        CancellationToken cancellation
    ) => Run(address, call, ["-n", $"{requests}"], cancellation);

    /// <summary>As many as can be had in so many seconds.</summary>
    public static Task<H2LoadResult> RunFor(
        IPEndPoint address,
        Http2Call call,
        int seconds,
        CancellationToken cancellation
    ) => Run(address, call, ["-D", $"{seconds}"], cancellation);

    /// <summary>So many requests at a fixed rate; returns every latency, in order of completion.</summary>
    /// <param name="rate">Requests per second of all connections together.</param>
    public static async Task<TimeSpan[]> RunAt(
        IPEndPoint address,
        Http2Call call,
        double rate,
        long requests,
        CancellationToken cancellation
    )
    {
        var log = Path.Combine(Scratch.NewFolder("h2load"), "requests");
        var perConnection = (rate / Connections).ToString("0.###", CultureInfo.InvariantCulture);
        await Run(address, call, ["-n", $"{requests}", $"--rps={perConnection}", $"--log-file={log}"], cancellation);
        return
        [
            .. File.ReadLines(log)
                .Select(line => long.Parse(line.Split('\t')[2], CultureInfo.InvariantCulture))
                .Select(microseconds => TimeSpan.FromMicroseconds(microseconds)),
        ];
    }

    private static async Task<H2LoadResult> Run(
        IPEndPoint address,
        Http2Call call,
        IEnumerable<string> how,
        CancellationToken cancellation
    )
    {
        var command = new Command(
            Command.Find("h2load")
                ?? throw new MeasurementImpossibleException("h2load, the load generator, is not installed"),
            [
                "-t1",
                $"-c{Connections}",
                $"-m{Streams}",
                .. how,
                .. call.Arguments,
                $"--connect-to={address}",
                $"http://{SmallRequest.Host}{call.Path}",
            ]
        );
        var output = await Child.Run(command, Cores.Peers, cancellation);
        var (counts, statuses) = (Counts().Match(output), Statuses().Match(output));
        if (!counts.Success || !statuses.Success || !Rate().IsMatch(output))
            throw new MeasurementException("under load: h2load said nothing of its requests");
        var succeeded = counts.Groups["succeeded"].Value;
        if (succeeded == "0" || counts.Groups["failed"].Value != "0" || statuses.Groups["other"].Value != NoOther)
            throw new MeasurementException($"under load: {counts.Value}; {statuses.Value}");
        return new H2LoadResult(
            long.Parse(succeeded, CultureInfo.InvariantCulture),
            double.Parse(Rate().Match(output).Groups["rate"].Value, CultureInfo.InvariantCulture)
        );
    }

    [GeneratedRegex(
        @"requests: .* (?<succeeded>\d+) succeeded, (?<failed>\d+) failed, .*",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Counts();

    [GeneratedRegex(
        @"status codes: \d+ 2xx, (?<other>.*)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Statuses();

    [GeneratedRegex(
        @"finished in .*, (?<rate>[\d.]+) req/s",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Rate();
}
