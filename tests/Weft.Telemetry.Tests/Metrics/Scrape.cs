using System.Buffers;
using System.Text;

namespace Weft.Telemetry.Tests.Metrics;

internal static class Scrape
{
    public static string Text(this MetricRegistry registry, MetricsFormat? format = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        registry.WriteTo(buffer, format ?? MetricsFormat.PrometheusText);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(buffer.WrittenSpan);
    }

    /// <summary>Values by name and labels, as a scraper sees them; the same series twice fails.</summary>
    public static Dictionary<string, double> Samples(this MetricRegistry registry) =>
        PrometheusText
            .Parse(registry.Text())
            .ToDictionary(
                sample => sample.Name + "{" + string.Join(',', sample.Labels.Select(label => label.Value)) + "}",
                sample => sample.Value
            );
}
