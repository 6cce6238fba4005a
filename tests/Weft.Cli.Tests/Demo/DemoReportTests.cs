using System.Text.Json;
using Weft.Cli.Demo;
using Weft.Cli.Output;
using static Weft.Cli.Tests.Demo.Visits;

namespace Weft.Cli.Tests.Demo;

public class DemoReportTests
{
    private static readonly StepResult[] Steps = [new("one", true, "1 of \"1\""), new("two", true, "fine")];

    [Fact]
    public void The_report_is_exactly_what_machines_were_promised()
    {
        Sample[] samples = [Good(0), Good(5), Fault(10), Lost(15) with { Ended = Ms(115.4) }];
        const string expected = """
            {
              "held": true,
              "steps": [
                {
                  "name": "one",
                  "held": true,
                  "detail": "1 of \"1\""
                },
                {
                  "name": "two",
                  "held": true,
                  "detail": "fine"
                }
              ],
              "requests": 4,
              "failures": 2,
              "retries": 7,
              "p50Ms": 20,
              "p99Ms": 100.4
            }
            """;
        Assert.Equal(expected, Json(DemoReport.Of(Steps, samples, retries: 7)), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void One_step_that_did_not_hold_breaks_the_story()
    {
        StepResult[] broken = [.. Steps, new("three", false, "no")];
        Assert.False(DemoReport.Of(broken, [], 0).Held);
        using var json = JsonDocument.Parse(Json(DemoReport.Of(broken, [], 0)));
        Assert.False(json.RootElement.GetProperty("held").GetBoolean());
    }

    [Fact]
    public void A_story_without_steps_did_not_hold() => Assert.False(DemoReport.Of([], [], 0).Held);

    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(1, 100)]
    public void Quantiles_are_values_that_were_measured(double quantile, double expected) =>
        Assert.Equal(expected, DemoReport.Quantile([.. Enumerable.Range(1, 100).Select(i => (double)i)], quantile));

    private static string Json(DemoReport report)
    {
        using var output = new StringWriter();
        MachineOutput.Write(output, OutputFormat.Json, report.Write);
        return output.ToString().TrimEnd();
    }
}
