using Weft.Naming;
using Weft.Telemetry;

namespace Weft.Control.Tests.Names;

public class SourceReportTests
{
    [Fact]
    public void a_problem_is_told_once_when_it_comes_and_its_end_once()
    {
        var lines = new StringWriter();
        Problem[] problems = [];
        using (var log = new Log(lines, TimeProvider.System))
        {
            var report = new SourceReport("shop", () => problems, log);
            report.Look();
            problems = [new Problem("/#/consul", 0, 0, "it cannot be reached")];
            report.Look();
            report.Look();
            problems = [.. problems, new Problem("/#/etcd", 0, 0, "no answer in time")];
            report.Look();
            problems = problems[1..];
            report.Look();
            problems = [];
            report.Look();
            report.Look();
        }

        var told = lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Collection(
            told,
            line => Assert.Contains("/#/consul: it cannot be reached", line, StringComparison.Ordinal),
            line => Assert.Contains("/#/etcd: no answer in time", line, StringComparison.Ordinal),
            line => Assert.Contains("all sources of names are well again", line, StringComparison.Ordinal)
        );
        Assert.All(told, line => Assert.Contains("shop", line, StringComparison.Ordinal));
    }
}
