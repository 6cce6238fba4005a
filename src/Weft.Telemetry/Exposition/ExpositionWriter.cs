using System.Buffers;
using System.Globalization;
using System.Text;

namespace Weft.Telemetry;

/// <summary>
/// Writes families in the Prometheus text format 0.0.4 or in OpenMetrics 1.0. The two differ in the name of a counter's family
/// (OpenMetrics leaves out <c>_total</c>), in how help is escaped, in whole numbers as bucket bounds, and in the last line.
/// </summary>
internal sealed class ExpositionWriter(IBufferWriter<byte> output, MetricsFormat format)
{
    private static readonly byte[][] TextBounds = EncodeBounds(FormatNumber);
    private static readonly byte[][] OpenMetricsBounds = EncodeBounds(bound =>
        double.IsInteger(bound) ? FormatNumber(bound) + ".0" : FormatNumber(bound)
    );

    private readonly bool _isOpenMetrics = format == MetricsFormat.OpenMetrics;

    public void Begin(MetricFamily family)
    {
        var name = family.Name;
        if (_isOpenMetrics && family.Kind == MetricKind.Counter)
            name = name[..^"_total".Length];
        Text($"# HELP {name} {EscapeHelp(family.Help)}\n");
        Text($"# TYPE {name} {KindOf(family)}\n");
    }

    public void Sample(MetricFamily family, Series series, long value)
    {
        Name(family.Name, "", LabelsOf(family, series), []);
        Number(value);
    }

    public void Sample(MetricFamily family, string[] labels, double value)
    {
        Name(family.Name, "", Encode(family, labels), []);
        Text(FormatNumber(value));
        output.Write("\n"u8);
    }

    public void Histogram(MetricFamily family, Series series, ReadOnlySpan<long> cumulative, long sumNanoseconds)
    {
        var labels = LabelsOf(family, series);
        var bounds = _isOpenMetrics ? OpenMetricsBounds : TextBounds;
        for (var i = 0; i < cumulative.Length; i++)
        {
            Name(family.Name, "_bucket", labels, bounds[i]);
            Number(cumulative[i]);
        }

        Name(family.Name, "_sum", labels, []);
        // Through decimal, because a double loses nanoseconds after a few months of them.
        Text(((decimal)sumNanoseconds / 1_000_000_000m).ToString("0.#########", CultureInfo.InvariantCulture));
        output.Write("\n"u8);
        Name(family.Name, "_count", labels, []);
        Number(cumulative[^1]);
    }

    public void End()
    {
        if (_isOpenMetrics)
            output.Write("# EOF\n"u8);
    }

    private static byte[][] EncodeBounds(Func<double, string> text) =>
        [.. HistogramBounds.Seconds.Select(bound => Encoding.ASCII.GetBytes($"le=\"{text(bound)}\""))];

    private static byte[] LabelsOf(MetricFamily family, Series series) =>
        series.LabelText ??= Encode(family, series.Labels);

    private static byte[] Encode(MetricFamily family, string[] values)
    {
        var text = new StringBuilder();
        for (var i = 0; i < values.Length; i++)
        {
            // An empty value means the same as no label, and that is shorter.
            if (values[i].Length > 0)
            {
                text.Append(text.Length == 0 ? "" : ",").Append(family.Labels[i].Name).Append("=\"");
                text.Append(EscapeLabel(values[i])).Append('"');
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string EscapeLabel(string value) =>
        EscapeLine(value).Replace("\"", "\\\"", StringComparison.Ordinal);

    private static string EscapeLine(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private string EscapeHelp(string help) => _isOpenMetrics ? EscapeLabel(help) : EscapeLine(help);

    private static string KindOf(MetricFamily family) =>
        family.Kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Gauge => "gauge",
            _ => "histogram",
        };

    private static string FormatNumber(double value) =>
        double.IsNaN(value) ? "NaN"
        : double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString("R", CultureInfo.InvariantCulture);

    private void Name(string name, string suffix, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> bound)
    {
        Text(name);
        Text(suffix);
        if (labels.Length + bound.Length > 0)
        {
            output.Write("{"u8);
            output.Write(labels);
            if (labels.Length > 0 && bound.Length > 0)
                output.Write(","u8);
            output.Write(bound);
            output.Write("}"u8);
        }

        output.Write(" "u8);
    }

    private void Number(long value)
    {
        var span = output.GetSpan(21);
        value.TryFormat(span, out var written, default, CultureInfo.InvariantCulture);
        span[written] = (byte)'\n';
        output.Advance(written + 1);
    }

    private void Text(string text) => Encoding.UTF8.GetBytes(text, output);
}
