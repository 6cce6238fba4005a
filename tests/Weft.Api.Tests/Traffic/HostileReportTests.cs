using Weft.Api.Mesh;
using Weft.Api.Traffic;

namespace Weft.Api.Tests.Traffic;

public sealed class HostileReportTests
{
    public static TheoryData<string, Action<TrafficReport>> Bad() =>
        new()
        {
            { "must restart", r => r.Restarts = false },
            { "must say what the proxy stands for", r => r.Role = null },
            { "2 was never named", r => r.Moved[0].Number = 2 },
            { "kind 0", r => r.Named[0].Kind = SeriesKind.Unspecified },
            { "kind 77", r => r.Named[0].Kind = (SeriesKind)77 },
            { "longer than 256", r => r.Named[0].Service = new string('x', 257) },
            { "control characters", r => r.Named[0].Part = "a\u001b[2J" },
            { "control characters", r => r.Role.Services.Add("a\nb") },
            { "services are more", r => r.Role.Services.AddRange(Enumerable.Repeat("x", 300)) },
            { "Dtabs are more", r => r.Role.Dtabs.AddRange(Enumerable.Repeat("x", 300)) },
            { "are believed", r => r.Moved[0].Successes = ulong.MaxValue },
            { "are believed", r => r.Moved[0].SumNs = ulong.MaxValue },
            { "are believed", r => r.Moved[0].Durations.AddRange([3, 1UL << 50]) },
            { "no buckets", r => r.Moved[0].Durations.Add(3) },
            { "no buckets", r => r.Moved[0].Durations.AddRange(Enumerable.Repeat(1UL, 100)) },
            { "bucket 25", r => r.Moved[0].Durations.AddRange([25, 1]) },
            { "comes too late", r => r.Moved[0].Durations.AddRange([4, 1, 3, 1]) },
            { "more than 4000 series", r => r.Named.AddRange(Enumerable.Repeat(r.Named[0], ReportLimits.MaxSeries)) },
        };

    [Theory]
    [MemberData(nameof(Bad))]
    public void a_report_that_breaks_a_rule_is_refused_whole_with_the_reason(
        string reason,
        Action<TrafficReport> damage
    )
    {
        var report = new TrafficReport
        {
            Restarts = true,
            Role = new ProxyRole(),
            Named =
            {
                new SeriesName { Kind = SeriesKind.OutboundRequests, Service = "books" },
                new SeriesName { Kind = SeriesKind.OutboundRequests, Service = "web" },
            },
            Moved =
            {
                new SeriesDelta { Number = 1 },
                new SeriesDelta { Number = 0 },
            },
        };
        new ReportReader().Read(report.Clone(), (_, _) => { });

        damage(report);
        var moved = 0;
        var error = Assert.Throws<ReportException>(() => new ReportReader().Read(report, (_, _) => moved++));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(0, moved);
    }
}
