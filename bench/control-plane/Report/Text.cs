using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Weft.Bench.ControlPlane.Report;

/// <summary>Results as people read them, and as programs do.</summary>
internal static class Text
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    public static string Json(Results results) => JsonSerializer.Serialize(results, s_json);

    public static string Markdown(Results results)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Measured {results.Machine}.")
            .AppendLine()
            .AppendLine(results.Mesh)
            .AppendLine();
        Row(text, "memory of the control plane", "resident, MB", "proportional, MB");
        Row(text, "---", "---:", "---:");
        foreach (var (when, resident, proportional) in results.Memory)
        {
            Row(text, when, Megabytes(resident), Megabytes(proportional));
        }

        text.AppendLine();
        Row(text, "", "median", "worst");
        Row(text, "---", "---:", "---:");
        foreach (var figure in results.Figures)
        {
            Row(text, $"{figure.What}, {figure.Unit}", Number(figure.Median), Number(figure.Worst));
        }

        text.AppendLine();
        Row(
            text,
            "a change of one service",
            "subscribers",
            "until the last knows, ms: median",
            "worst",
            "bytes sent",
            "for each subscriber",
            "CPU, ms"
        );
        Row(text, "---", "---:", "---:", "---:", "---:", "---:", "---:");
        foreach (var change in results.Changes)
        {
            Row(
                text,
                $"{change.Kind} of an endpoint",
                Number(change.Subscribers),
                Number(change.Delay.Median),
                Number(change.Delay.Worst),
                Number(change.Bytes.Median),
                Number(change.BytesPerSubscriber),
                Number(change.Cpu.Median)
            );
        }

        text.AppendLine();
        Row(text, "claim", "limit", "measured", "holds");
        Row(text, "---", "---", "---", "---");
        foreach (var claim in results.Claims)
        {
            Row(text, claim.What, claim.Limit, claim.Measured, claim.Holds ? "yes" : "no");
        }

        return text.ToString();
    }

    private static void Row(StringBuilder text, params IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture);

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) < 10 ? "0.##" : "#,0", CultureInfo.InvariantCulture);
}
