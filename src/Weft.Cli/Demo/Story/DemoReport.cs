using System.Text.Json;

namespace Weft.Cli.Demo;

/// <summary>What the demo tells at its end.</summary>
/// <param name="Steps">In the order of the story.</param>
/// <param name="Requests">Pages that were asked for.</param>
/// <param name="Failures">Pages that were not served, whoever's fault it was.</param>
/// <param name="Retries">Attempts that proxies made beyond the first.</param>
/// <param name="P50Ms">Half of the pages took no longer, in milliseconds.</param>
/// <param name="P99Ms">99 % of the pages took no longer, in milliseconds.</param>
internal sealed record DemoReport(
    IReadOnlyList<StepResult> Steps,
    int Requests,
    int Failures,
    long Retries,
    double P50Ms,
    double P99Ms
)
{
    public bool Held => Steps.Count > 0 && Steps.All(step => step.Held);

    public static DemoReport Of(IReadOnlyList<StepResult> steps, IReadOnlyList<Sample> samples, long retries)
    {
        var latencies = samples.Select(s => s.Latency.TotalMilliseconds).Order().ToArray();
        return new DemoReport(
            steps,
            samples.Count,
            samples.Count(s => s.Outcome != Outcome.Success),
            retries,
            Quantile(latencies, 0.5),
            Quantile(latencies, 0.99)
        );
    }

    /// <summary>What is promised to machines: these names and no others.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteBoolean("held", Held);
        json.WriteStartArray("steps");
        foreach (var step in Steps)
        {
            json.WriteStartObject();
            json.WriteString("name", step.Name);
            json.WriteBoolean("held", step.Held);
            json.WriteString("detail", step.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("requests", Requests);
        json.WriteNumber("failures", Failures);
        json.WriteNumber("retries", Retries);
        json.WriteNumber("p50Ms", Math.Round(P50Ms, 2));
        json.WriteNumber("p99Ms", Math.Round(P99Ms, 2));
        json.WriteEndObject();
    }

    /// <summary>The smallest value that at least this share of all do not exceed; 0 when there is none.</summary>
    internal static double Quantile(double[] ascending, double quantile) =>
        ascending.Length == 0 ? 0 : ascending[(int)Math.Ceiling(quantile * ascending.Length) - 1];
}
