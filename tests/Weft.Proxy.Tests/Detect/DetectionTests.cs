using System.Text;

namespace Weft.Proxy.Tests;

/// <summary>What becomes of connections by their first bytes.</summary>
public class DetectionTests
{
    private const string Get = "GET / HTTP/1.1\r\nhost: web\r\n\r\n";
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private const string Settings = "\0\0\0\u0004\0\0\0\0\0";

    [Theory]
    [InlineData("auto")]
    [InlineData("http")]
    [InlineData("http1")]
    public async Task A_request_that_comes_byte_by_byte_is_served(string protocol)
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh($"protocol: {protocol}", names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();

        foreach (var one in "POST / HTTP/1.1\r\nhost: web\r\ncontent-length: 0\r\n\r\n")
        {
            await client.SendAsync(one.ToString());
        }

        Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        client.Dispose();
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_connections_total", ("peer", "downstream"), ("protocol", "http1")));
        Assert.Equal(0, mesh.Count("weft_connections_total", ("peer", "downstream"), ("protocol", "tcp")));
        Assert.Equal(0, await mesh.OnLoopAsync(() => mesh.Loop.Loop.Buffers.Lent));
    }

    [Fact]
    public async Task Requests_that_come_with_more_than_the_first_read_takes_are_served()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(
            $"POST / HTTP/1.1\r\nhost: web\r\ncontent-length: 20000\r\n\r\n{new string('x', 20000)}{Get}"
        );

        Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
        Assert.Equal(20000, upstream.Requests.First().Body.Length);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("http")]
    [InlineData("http2")]
    public async Task Http2_is_spoken_with_those_who_begin_with_it(string protocol)
    {
        await using var mesh = new Mesh($"protocol: {protocol}");
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(Preface[..10]);
        await client.SendAsync(Preface[10..] + Settings);

        Assert.Equal("\u0004", (await client.ReadAsync(9))[3..4]); // SETTINGS
        client.Dispose();
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_connections_total", ("peer", "downstream"), ("protocol", "http2")));
        Assert.Equal(0, await mesh.OnLoopAsync(() => mesh.Loop.Loop.Buffers.Lent));
    }

    [Fact]
    public async Task Http2_is_refused_where_only_http1_is_spoken()
    {
        await using var mesh = new Mesh("protocol: http1");
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(Preface + Settings);

        Assert.InRange((await client.ReadResponseAsync())!.Status, 400, 599);
        Assert.True(await client.EndsAsync());
    }

    [Fact]
    public async Task Http1_is_refused_where_only_http2_is_spoken()
    {
        await using var mesh = new Mesh("protocol: http2");
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(Get);

        var answer = await client.ReadToEndAsync();
        Assert.DoesNotContain("HTTP/1.1", answer, StringComparison.Ordinal);
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_errors_total", ("reason", "bad-request")));
    }

    [Fact]
    public async Task Bytes_that_nobody_takes_end_the_connection_and_are_counted()
    {
        await using var mesh = new Mesh();
        using var client = await mesh.ConnectAsync();

        await client.SendAsync("\0\u0001\u0002");

        Assert.True(await client.EndsAsync());
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_errors_total", ("reason", "not-identified")));
        Assert.Equal(1, mesh.Count("weft_connections_total", ("peer", "downstream"), ("protocol", "tcp")));
    }

    [Fact]
    public async Task A_part_of_a_first_message_ends_the_connection_after_a_while()
    {
        await using var mesh = new Mesh("timeouts: {detect: 50ms}");
        using var client = await mesh.ConnectAsync();

        await client.SendAsync(Encoding.Latin1.GetString(Hellos.Of("books"))[..20]);

        Assert.True(await client.EndsAsync());
        await mesh.IsAtRestAsync();
        Assert.Equal(1, mesh.Count("weft_errors_total", ("reason", "client-timeout")));
        Assert.Equal(0, await mesh.OnLoopAsync(() => mesh.Loop.Loop.Buffers.Lent));
    }

    [Fact]
    public async Task A_connection_that_says_nothing_holds_no_buffer_and_ends_after_the_idle_time_without_a_word()
    {
        await using var mesh = new Mesh("timeouts: {detect: 1ms, idle: 300ms}");
        using var client = await mesh.ConnectAsync();
        await Eventually.HoldsAsync(() => mesh.Count("weft_connections_open", ("peer", "downstream")) == 1, "a client");
        Assert.Equal(0, await mesh.OnLoopAsync(() => mesh.Loop.Loop.Buffers.Lent));

        Assert.True(await client.EndsAsync());
        await mesh.IsAtRestAsync();
        Assert.Equal(0, mesh.Count("weft_errors_total"));
    }

    [Fact]
    public async Task A_connection_that_has_said_nothing_is_ended_by_a_drain()
    {
        await using var mesh = new Mesh();
        using var client = await mesh.ConnectAsync();
        await Eventually.HoldsAsync(() => mesh.Count("weft_connections_open", ("peer", "downstream")) == 1, "a client");

        var draining = mesh.Server.DrainAsync(TimeSpan.FromSeconds(30));

        Assert.True(await client.EndsAsync());
        await draining.WithinLimit();
    }

    [Fact]
    public async Task A_connection_that_is_aborted_while_it_says_nothing_leaves_nothing_behind()
    {
        await using var mesh = new Mesh();
        using var silent = await mesh.ConnectAsync();
        using var partial = await mesh.ConnectAsync();
        await partial.SendAsync("PRI");
        await Eventually.HoldsAsync(() => mesh.OnLoopAsync(() => mesh.Loop.Loop.Buffers.Lent == 1), "a held beginning");

        await mesh.Server.DrainAsync(TimeSpan.FromMilliseconds(1)).WithinLimit();

        await mesh.IsAtRestAsync();
        Assert.Equal(0, await mesh.OnLoopAsync(() => mesh.Loop.Loop.Buffers.Lent));
    }
}
