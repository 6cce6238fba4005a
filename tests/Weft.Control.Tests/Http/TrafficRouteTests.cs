using System.Net;
using Weft.Api.Client;
using Weft.Api.Mesh;
using Weft.Control.Tests.Streams;
using Weft.Control.Tests.Support;
using Weft.Control.Tests.Traffic;

namespace Weft.Control.Tests.Http;

public sealed class TrafficRouteTests : IAsyncLifetime
{
    private TestServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("?window=1s", "'window' cannot be '1s'")]
    [InlineData("?window=11m", "'window' cannot be '11m'")]
    [InlineData("?by=route,", "'by' cannot be 'route,'")]
    public async Task what_cannot_be_asked_is_said(string query, string reason)
    {
        var answer = await _server.GetAsync($"/api/v1/namespaces/default/traffic{query}");
        Assert.Equal(400, answer.Status);
        Assert.Contains(reason, (string)answer.Json["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task a_namespace_that_nobody_reports_on_is_empty()
    {
        var answer = (await _server.GetAsync("/api/v1/namespaces/nobody/traffic?window=2m")).Json;
        Assert.Equal(
            """{"namespace":"nobody","windowSeconds":120,"proxies":[],"requests":[],"attempts":[]}""",
            answer.ToJsonString()
        );
    }

    [Fact]
    public async Task what_a_proxy_reports_on_its_stream_is_told_and_goes_on_after_a_break()
    {
        var web = new Reports(["web"], "default");
        var options = new ControlStreamOptions
        {
            Address = _server.Server.Address,
            ProxyId = "web-1:4191",
            ProgramVersion = "1",
            BackoffBase = TimeSpan.FromMilliseconds(20),
            BackoffMax = TimeSpan.FromMilliseconds(50),
            ReportEvery = TimeSpan.FromMilliseconds(20),
            Reports = isFirst => web.Count("books", 9, failures: 1).Next(seconds: 1, isFirst),
        };
        await using var stream = new ControlStream(
            options,
            new RecordingSink().Take,
            TimeProvider.System,
            new Random(1)
        );
        stream.Start();
        await UntilToldAsync();

        await _server.RestartAsync(
            new IPEndPoint(IPAddress.Loopback, _server.Server.Address.Port),
            _ => Task.CompletedTask
        );
        await UntilToldAsync();
    }

    private async Task UntilToldAsync()
    {
        while (true)
        {
            var traffic = (await _server.GetAsync("/api/v1/namespaces/default/traffic?by=caller,service")).Json;
            var proxy = traffic["proxies"]!.AsArray().FirstOrDefault();
            if (traffic["requests"]!.AsArray().FirstOrDefault() is { } books)
            {
                Assert.Equal(("web", "books"), ((string?)books["caller"], (string?)books["service"]));
                Assert.Equal(9 * (long)books["failures"]!, (long)books["successes"]!);
                Assert.Equal(("web-1:4191", "web"), ((string?)proxy!["id"], (string?)proxy["caller"]));
                Assert.Null(proxy["refused"]);
                return;
            }

            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }
    }
}
