namespace Weft.Telemetry;

/// <summary>A text format for metrics.</summary>
public sealed class MetricsFormat
{
    /// <summary>Prometheus text format 0.0.4.</summary>
    public static readonly MetricsFormat PrometheusText = new("text/plain; version=0.0.4; charset=utf-8");

    /// <summary>OpenMetrics 1.0.</summary>
    public static readonly MetricsFormat OpenMetrics = new(
        "application/openmetrics-text; version=1.0.0; charset=utf-8"
    );

    private MetricsFormat(string contentType) => ContentType = contentType;

    /// <summary>The value of the Content-Type header.</summary>
    public string ContentType { get; }

    /// <summary>
    /// The format for a request's Accept header (RFC 9110, 12.5.1): OpenMetrics when it is asked for by name and plain text is not
    /// preferred to it, the Prometheus format in every other case.
    /// </summary>
    public static MetricsFormat Negotiate(string? accept)
    {
        var openMetrics = 0.0;
        var text = 0.0;
        var specificity = 0;
        foreach (var range in accept.AsSpan().Split(','))
        {
            var (type, quality) = Parse(accept.AsSpan()[range]);
            if (Is(type, "application/openmetrics-text"))
            {
                openMetrics = Math.Max(openMetrics, quality);
                continue;
            }

            // The most specific range that covers plain text decides, and among equals the best.
            var matched =
                Is(type, "text/plain") ? 3
                : Is(type, "text/*") ? 2
                : Is(type, "*/*") ? 1
                : 0;
            if (matched == 0 || matched < specificity)
                continue;
            text = matched > specificity ? quality : Math.Max(text, quality);
            specificity = matched;
        }

        return openMetrics > 0 && openMetrics >= text ? OpenMetrics : PrometheusText;
    }

    private static (string Type, double Quality) Parse(ReadOnlySpan<char> range)
    {
        var quality = 1.0;
        var end = range.IndexOf(';');
        if (end >= 0)
        {
            var parameters = range[(end + 1)..];
            foreach (var part in parameters.Split(';'))
            {
                var parameter = parameters[part].Trim();
                if (parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase))
                    quality =
                        Telemetry.PrometheusText.TryParseNumber(parameter[2..], out var q) && q is >= 0 and <= 1
                            ? q
                            : 0;
            }

            range = range[..end];
        }

        return (range.Trim().ToString(), quality);
    }

    private static bool Is(string type, string expected) => type.Equals(expected, StringComparison.OrdinalIgnoreCase);
}
