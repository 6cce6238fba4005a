namespace Weft.Telemetry.Tests.Exposition;

public sealed class NegotiationTests
{
    [Theory]
    [InlineData("application/openmetrics-text")]
    [InlineData("application/openmetrics-text; version=1.0.0; charset=utf-8")]
    [InlineData("APPLICATION/OPENMETRICS-TEXT;q=0.5, text/plain;q=0.2, */*;q=0.1")]
    [InlineData("text/plain;q=0.5, application/openmetrics-text;q=0.5")]
    [InlineData(
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;q=0.3,*/*;q=0.1"
    )]
    public void Openmetrics_is_given_to_who_asks_for_it(string accept) =>
        Assert.Same(MetricsFormat.OpenMetrics, MetricsFormat.Negotiate(accept));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("*/*")]
    [InlineData("text/html")]
    [InlineData("text/plain")]
    [InlineData("application/openmetrics-text;q=0")]
    [InlineData("application/openmetrics-text;q=rubbish")]
    [InlineData("application/openmetrics-text;q=0.3, text/plain;q=0.5")]
    [InlineData("application/openmetrics-text;q=0.3, */*;q=0.2, text/*;q=0.4")]
    [InlineData(",;;,q=1,")]
    public void Everyone_else_gets_the_prometheus_format(string? accept) =>
        Assert.Same(MetricsFormat.PrometheusText, MetricsFormat.Negotiate(accept));
}
