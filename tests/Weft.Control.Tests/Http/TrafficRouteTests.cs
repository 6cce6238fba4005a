using Weft.Control.Tests.Support;

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
}
