using System.Globalization;
using System.Net;
using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Interop;

/// <summary>What real programs say to each other through listeners that pass bytes on.</summary>
public sealed class TcpTests
{
    private readonly IPEndPoint _listener = FreePort.NextOnLoopback();

    [Theory]
    [InlineData("tcp")]
    [InlineData("auto")]
    public async Task redis_is_served_through_a_listener(string protocol)
    {
        await using var redis = await ToolServer.Redis();
        using var mesh = new TempMesh();
        mesh.Disco("cache", redis.Address);
        mesh.Config(more: Listener(protocol, "service: cache"));
        await using var weft = await WeftProcess.Start(mesh);

        Assert.Equal("OK", await Cli("set", "book", "Emma"));
        Assert.Equal("Emma", await Cli("get", "book"));
        var large = await Cli("eval", "return string.rep('x', 5000000)", "0");
        Assert.Equal((5_000_000, 'x'), (large.Length, large.Distinct().Single()));
        await Eventually.Is(
            async () => await weft.Metric("weft_connections_open", "protocol=\"tcp\"") == 0,
            "no connection was open"
        );
        Assert.Equal(3, await weft.Metric("weft_connections_total", "peer=\"upstream\"", "protocol=\"tcp\""));
        Assert.True(await weft.Metric("weft_bytes_total", "peer=\"upstream\"", "dir=\"in\"") > 5_000_000);
    }

    [Fact]
    public async Task redis_answers_commands_that_were_sent_together_and_takes_a_large_value()
    {
        const int commands = 20_000;
        await using var redis = await ToolServer.Redis();
        using var mesh = new TempMesh();
        mesh.Disco("cache", redis.Address);
        mesh.Config(more: Listener("auto", "service: cache"));
        await using var weft = await WeftProcess.Start(mesh);
        using var client = await ScriptedPeer.Connect(_listener);
        var value = string.Concat(Enumerable.Range(0, 800_000).Select(i => $"{i % 100_000:D5} "));

        await client.Send(string.Concat(Enumerable.Repeat("INCR sold\r\n", commands)));
        await client.Expect(string.Concat(Enumerable.Range(1, commands).Select(i => $":{i}\r\n")));
        await client.Send($"*3\r\n$3\r\nSET\r\n$4\r\nbook\r\n${value.Length}\r\n{value}\r\nGET book\r\nQUIT\r\n");
        await client.Expect($"+OK\r\n${value.Length}\r\n{value}\r\n+OK\r\n");
        await client.ExpectEnd();
    }

    [Fact]
    public async Task curl_reaches_each_tls_server_by_its_name_and_sees_its_certificate()
    {
        using var folder = new TempFolder();
        var (books, booksCertificate) = await ToolServer.Tls(folder, "books.example");
        var (authors, authorsCertificate) = await ToolServer.Tls(folder, "authors.example");
        await using var one = books;
        await using var two = authors;
        using var mesh = new TempMesh();
        mesh.Disco("books.example", books.Address);
        mesh.Disco("authors.example", authors.Address);
        mesh.Config(more: Listener("auto"));
        await using var weft = await WeftProcess.Start(mesh);

        foreach (
            var (host, certificate) in ((string, string)[])
                [("books.example", booksCertificate), ("authors.example", authorsCertificate)]
        )
        {
            var port = _listener.Port.ToString(CultureInfo.InvariantCulture);
            string[] resolve = ["--resolve", $"{host}:{port}:127.0.0.1", "--cacert", certificate];
            var page = await Tool.Run("curl", ["-sS", "--fail", .. resolve, $"https://{host}:{port}/"]);
            Assert.Contains("s_server", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task curl_introduces_itself_by_the_proxy_protocol_and_nginx_is_told()
    {
        await using var nginx = await NginxUpstream.Start("proxy_protocol");
        using var mesh = new TempMesh();
        mesh.Disco("web", nginx.Address);
        mesh.Document("web.yaml", "kind: Service\nmetadata: {name: web}\nspec: {proxyProtocol: v2}\n");
        mesh.Config(more: Listener("tcp", "service: web", "proxyProtocol: [127.0.0.0/8]"));
        await using var weft = await WeftProcess.Start(mesh);

        var seen = await Tool.Run("curl", "-sS", "--fail", "--haproxy-protocol", $"http://{_listener}/client");

        Assert.Equal("127.0.0.1", seen.Trim());
        // The other listener's connections carry the requests of many: nginx accepts that they stand for nobody.
        Assert.Equal(" 127.0.0.1\n", (await weft.Get("web", "/client")).Text);
    }

    private string Listener(string protocol, params string[] keys) =>
        $"  - name: more\n    kind: outbound\n    address: {_listener}\n    protocol: {protocol}\n"
        + string.Concat(keys.Select(k => $"    {k}\n"));

    private async Task<string> Cli(params string[] command) =>
        (await Tool.Run("redis-cli", ["-h", "127.0.0.1", "-p", $"{_listener.Port}", .. command])).Trim();
}
