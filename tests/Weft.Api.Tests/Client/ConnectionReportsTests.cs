using Weft.Api.Client;
using Weft.Api.Mesh;

namespace Weft.Api.Tests.Client;

public sealed class ConnectionReportsTests
{
    [Fact]
    public void the_first_report_of_a_connection_is_called_so_and_an_ended_one_has_none()
    {
        var asked = new List<bool>();
        var reports = new ConnectionReports(isFirst =>
        {
            asked.Add(isFirst);
            return new TrafficReport { CoversMs = 7 };
        });
        Assert.Equal(7u, reports.Take()!.Report.CoversMs);
        Assert.NotNull(reports.Take());
        reports.End();
        Assert.Null(reports.Take());
        Assert.Equal([true, false], asked);
        Assert.Null(new ConnectionReports(null).Take());
    }

    [Fact]
    public void a_report_is_due_once_when_it_was_asked_for_and_not_on_the_next_connection()
    {
        var outbox = new Outbox();
        Assert.False(outbox.TakeReport());
        outbox.AskReport();
        Assert.True(outbox.News.TryRead(out _));
        Assert.True(outbox.TakeReport());
        Assert.False(outbox.TakeReport());
        outbox.AskReport();
        outbox.Restart();
        Assert.False(outbox.TakeReport());
    }
}
