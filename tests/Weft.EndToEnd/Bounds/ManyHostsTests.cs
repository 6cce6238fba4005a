using System.Text;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Bounds;

public class ManyHostsTests
{
    private const int Hosts = 100_000;
    private const int WarmUp = 20_000;
    private const int Batch = 50;
    private const long Growth = 32 << 20;

    /// <summary>Hosts that bind (each to a name of its own below one service) and hosts that do not.</summary>
    [Theory]
    [InlineData("/svc => /#/file/books ;", 200)]
    [InlineData("/svc => /#/file ;", 503)]
    public async Task a_hundred_thousand_hosts_neither_fill_memory_nor_disturb_others(string dtab, int status)
    {
        using var mesh = new TempMesh();
        await using var upstream = await EchoUpstream.Start("books-1");
        mesh.Disco("books", upstream.Address);
        mesh.Dtab(dtab);
        await using var weft = await WeftProcess.Start(mesh);

        var others = Load.Start(weft.Outbound, "books", connections: 1);
        await Ask(weft, 0, WarmUp, status);
        var settled = weft.ResidentBytes;
        await Ask(weft, WarmUp, Hosts, status);

        Assert.InRange(weft.ResidentBytes, 0, settled + Growth);
        await others.StopWithoutFailure();
        var metrics = await weft.Admin("/metrics");
        Assert.InRange(metrics.Split('\n').Count(l => l.Contains("host-", StringComparison.Ordinal)), 0, 50_000);
        Assert.InRange(metrics.Length, 1, 16 << 20);
        Assert.Contains("other", metrics, StringComparison.Ordinal);
    }

    private static async Task Ask(WeftProcess weft, int from, int to, int status)
    {
        using var client = await weft.Connect();
        for (var first = from; first < to; first += Batch)
        {
            var requests = new StringBuilder();
            for (var i = first; i < first + Batch; i++)
                requests.Append($"GET / HTTP/1.1\r\nHost: host-{i}\r\n\r\n");
            await client.Send(requests.ToString());
            for (var i = 0; i < Batch; i++)
                Assert.Equal(status, (await client.ReadFinalResponse()).Status);
        }
    }
}
