using System.Buffers;
using Weft.Telemetry;

namespace Weft.Proxy.Tests;

/// <summary>What a scrape shows.</summary>
internal sealed record Scrape(IReadOnlyList<MetricSample> Samples)
{
    public static Scrape Of(MetricRegistry registry)
    {
        var buffer = new ArrayBufferWriter<byte>();
        registry.WriteTo(buffer, MetricsFormat.Negotiate(""));
        return Read(System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    public static Scrape Read(string text) => new(PrometheusText.Parse(text));

    /// <summary>The sum of all series of a metric that have these labels.</summary>
    public double Sum(string metric, params (string Label, string Value)[] labels) =>
        Samples.Where(s => s.Name == metric && labels.All(l => s[l.Label] == l.Value)).Sum(s => s.Value);
}
