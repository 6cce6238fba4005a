using Weft.Cli.Demo;
using Weft.Telemetry;

namespace Weft.Cli.Tests.Demo;

public class ServiceRowTests
{
    private const string Web = """
        weft_requests_total{direction="outbound",service="authors",route="default",status="200",result="success"} 100
        weft_requests_total{direction="inbound",service="web",route="default",status="200",result="success"} 999
        weft_attempts_total{direction="outbound",client="/#/file/authors-v1",status="200",result="success",try="first"} 60
        weft_attempts_total{direction="outbound",client="/#/file/authors-v2",status="200",result="success",try="first"} 40
        weft_endpoints{client="/#/file/authors-v2",state="ready"} 2
        weft_endpoints{client="/#/file/authors-v2",state="ejected"} 0
        """;

    private const string Later = """
        weft_requests_total{direction="outbound",service="authors",route="default",status="200",result="success"} 190
        weft_requests_total{direction="outbound",service="authors",route="default",status="500",result="failure"} 10
        weft_request_duration_seconds_bucket{direction="outbound",service="authors",route="default",le="0.01"} 90
        weft_request_duration_seconds_bucket{direction="outbound",service="authors",route="default",le="+Inf"} 100
        weft_attempts_total{direction="outbound",client="/#/file/authors-v1",status="200",result="success",try="first"} 75
        weft_attempts_total{direction="outbound",client="/#/file/authors-v1",status="500",result="failure",try="first"} 10
        weft_attempts_total{direction="outbound",client="/#/file/authors-v2",status="200",result="success",try="first"} 110
        weft_attempts_total{direction="outbound",client="/#/file/authors-v2",status="200",result="success",try="retry"} 5
        weft_endpoints{client="/#/file/authors-v1",state="ready"} 1
        weft_endpoints{client="/#/file/authors-v2",state="ready"} 1
        weft_endpoints{client="/#/file/authors-v2",state="ejected"} 1
        """;

    private static readonly Scrape First = Of(0, Web);
    private static readonly Scrape Second = Of(2, Later);

    [Fact]
    public void A_service_is_shown_as_its_callers_saw_it_and_as_its_endpoints_answered()
    {
        var authors = Row("authors");
        Assert.Equal((100, 90), authors.AsCallersSaw);
        Assert.Equal((100, 90), authors.AsEndpointsAnswered);
        Assert.Equal(50, authors.PerSecond);
        Assert.Equal(5, authors.Retries);
        Assert.Equal(2, authors.Ready);
        Assert.InRange(authors.Durations.Quantile(0.5), 0.001, 0.01);
    }

    [Fact]
    public void A_version_is_known_by_its_endpoints_only()
    {
        var version = Row("  version 2");
        Assert.True(double.IsNaN(version.AsCallersSaw.All));
        Assert.Equal((75, 75), version.AsEndpointsAnswered);
        Assert.Equal(1, version.Ready);
    }

    [Fact]
    public void What_reaches_an_application_from_its_own_proxy_is_not_counted_twice() =>
        Assert.Equal(0, Row("web").AsCallersSaw.All);

    [Fact]
    public void Proxies_are_added_up()
    {
        var both = new Scrape(TimeSpan.FromSeconds(2), [.. Second.Pages, .. Second.Pages]);
        Assert.Equal(400, Row("authors", Scrape.Empty, both).AsCallersSaw.All);
        Assert.Equal(2, Row("authors", Scrape.Empty, both).Ready); // two views of the same endpoints
        Assert.Equal(10, ServiceRow.RetriesIn(both));
    }

    private static ServiceRow Row(string name, Scrape? earlier = null, Scrape? later = null) =>
        ServiceRow.Between(earlier ?? First, later ?? Second).Single(row => row.Name == name);

    private static Scrape Of(int seconds, string page) =>
        new(TimeSpan.FromSeconds(seconds), [PrometheusText.Parse(page)]);
}
