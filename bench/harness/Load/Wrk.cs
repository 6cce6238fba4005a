using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Weft.Bench.Harness.Machine;
using Weft.Bench.Harness.Proxies;

namespace Weft.Bench.Harness.Load;

/// <param name="Requests">Answered.</param>
/// <param name="PerSecond">Their rate.</param>
internal sealed record WrkResult(long Requests, double PerSecond);

/// <summary>As many requests as can be had, from wrk: keep-alive, one thread.</summary>
internal static partial class Wrk
{
    /// <summary>Runs it. Any failed request makes the measurement worthless and throws.</summary>
    public static async Task<WrkResult> Run(
        IPEndPoint address,
        int connections,
        int seconds,
        CancellationToken cancellation
    )
    {
        var command = new Command(
            Command.Find("wrk")
                ?? throw new MeasurementImpossibleException("wrk, the load generator, is not installed"),
            ["-t1", $"-c{connections}", $"-d{seconds}s", "-H", $"Host: {SmallRequest.Host}", $"http://{address}/"]
        );
        var output = await Child.Run(command, Cores.Peers, cancellation);
        if (Failures().Match(output) is { Success: true } failure)
            throw new MeasurementException($"under load: {failure.Value.Trim()}");
        return new WrkResult(
            long.Parse(Count().Match(output).Groups["count"].Value, CultureInfo.InvariantCulture),
            double.Parse(Rate().Match(output).Groups["rate"].Value, CultureInfo.InvariantCulture)
        );
    }

    [GeneratedRegex(@"Requests/sec:\s+(?<rate>[\d.]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rate();

    [GeneratedRegex(@"(?<count>\d+) requests in", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Count();

    [GeneratedRegex("(Socket errors|Non-2xx).*", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Failures();
}
