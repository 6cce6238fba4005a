namespace Weft.Proxy.Tests;

public class ChangeUnderLoadTests
{
    [Fact]
    public async Task No_request_is_lost_while_tables_endpoints_and_settings_change()
    {
        Upstream[] upstreams = [Upstream.Answering(), Upstream.Answering(), Upstream.Answering()];
        await using var proxy = await FilesProxy.StartAsync(services: ("web", upstreams[0].Address));
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(_ => LoadAsync(proxy, stop.Token)).ToArray();

        for (var i = 0; i < 12; i++)
        {
            var version = proxy.State.World.Version;
            switch (i % 3)
            {
                case 0:
                    proxy.SetService("web", upstreams[i / 3 % 3].Address);
                    break;
                case 1:
                    proxy.Write("mesh/dtab.yaml", FilesProxy.Dtab($"/svc => /#/file ; /unused => /{i}"));
                    break;
                default:
                    proxy.Write(
                        "proxy.yaml",
                        FilesProxy.Config(FilesProxy.Listener(more: $", limits: {{headerCount: {50 + i}}}"))
                    );
                    break;
            }

            if (i > 0)
            {
                await proxy.IsLaterThanAsync(version);
            }
        }

        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(load), count => Assert.True(count > 10));
        Array.ForEach(upstreams, u => u.Dispose());
    }

    private static async Task<int> LoadAsync(FilesProxy proxy, CancellationToken stop)
    {
        using var client = await Wire.ConnectAsync(proxy.AddressOf());
        var count = 0;
        while (!stop.IsCancellationRequested)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
            var response = await client.ReadResponseAsync();
            Assert.NotNull(response);
            Assert.Equal(200, response.Status);
            Assert.Null(response["connection"]);
            count++;
        }

        return count;
    }
}
