using System.Net.Sockets;
using Weft.Telemetry;

namespace Weft.Proxy.Tests;

/// <summary>A changed file changes the listeners, or nothing.</summary>
public class ListenerChangeTests
{
    private static readonly string s_dtabs =
        FilesProxy.Dtab("/svc => /#/file") + "---\n" + FilesProxy.Dtab("/svc => /#/file/other", "other");

    [Fact]
    public async Task Listeners_are_added_and_removed()
    {
        using var upstream = Upstream.Answering();
        await using var proxy = await FilesProxy.StartAsync(services: ("web", upstream.Address));
        var first = proxy.AddressOf();
        using var client = await Wire.ConnectAsync(first);

        proxy.Write("proxy.yaml", FilesProxy.Config(FilesProxy.Listener() + FilesProxy.Listener("more")));
        await Eventually.HoldsAsync(() => proxy.Server.Listeners.Count == 2, "two listeners");
        Assert.Equal(first, proxy.AddressOf());
        Assert.Equal(200, (await proxy.AskAsync(listener: "more")).Status);

        proxy.Write("proxy.yaml", FilesProxy.Config(FilesProxy.Listener("more")));
        await Eventually.HoldsAsync(() => proxy.Server.Listeners.Count == 1, "one listener");
        Assert.Equal(200, (await proxy.AskAsync(listener: "more")).Status);
        // A connection of the removed one is served once more, and then ends.
        await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
        var last = (await client.ReadResponseAsync())!;
        Assert.Equal((200, "close"), (last.Status, last["connection"]));
        await Eventually.HoldsAsync(() => RefusesAsync(first), "a closed address");
    }

    [Fact]
    public async Task Settings_change_under_open_connections()
    {
        using var web = Upstream.Answering("web");
        using var other = Upstream.Answering("other");
        await using var proxy = await FilesProxy.StartAsync(
            dtab: s_dtabs,
            services: [("web", web.Address), ("other", other.Address)]
        );
        using var client = await Wire.ConnectAsync(proxy.AddressOf());
        Assert.Equal("web", await AskAsync(client));

        proxy.Write("proxy.yaml", FilesProxy.Config(FilesProxy.Listener(more: ", dtab: other")));
        await proxy.IsLaterThanAsync(1);

        Assert.Equal("other", await AskAsync(client));
        Assert.Equal("other", (await proxy.AskAsync()).Body);
    }

    [Fact]
    public async Task Trust_and_identifier_change_under_open_connections()
    {
        using var web = Upstream.Answering("web");
        await using var proxy = await FilesProxy.StartAsync(services: ("web", web.Address));
        using var client = await Wire.ConnectAsync(proxy.AddressOf());
        Assert.Equal("web", await AskAsync(client, "x-forwarded-for: 6.6.6.6\r\n"));

        proxy.Write(
            "proxy.yaml",
            FilesProxy.Config(FilesProxy.Listener(more: ", trust: [], identifier: header:x-name"))
        );
        await proxy.IsLaterThanAsync(1);

        Assert.StartsWith("not-identified", await AskAsync(client), StringComparison.Ordinal);
        Assert.Equal("web", await AskAsync(client, "x-name: web\r\nx-forwarded-for: 6.6.6.6\r\n"));
        Assert.Equal(["6.6.6.6", "127.0.0.1"], web.Requests.Select(r => r["x-forwarded-for"]));
    }

    [Fact]
    public async Task A_renamed_listener_keeps_its_address_and_loses_no_request()
    {
        using var upstream = Upstream.Answering();
        var address = $"{FilesProxy.FreeAddress()}";
        await using var proxy = await FilesProxy.StartAsync(
            FilesProxy.Config(FilesProxy.Listener("old", address)),
            services: ("web", upstream.Address)
        );
        using var client = await Wire.ConnectAsync(proxy.AddressOf("old"));

        proxy.Write("proxy.yaml", FilesProxy.Config(FilesProxy.Listener("new", address)));
        await Eventually.HoldsAsync(() => proxy.Server.Listeners[0].Config.Name == "new", "the new name");

        Assert.Empty(proxy.Keeper.Status.Problems);
        Assert.Equal("ok", await AskAsync(client));
        Assert.Equal(200, (await proxy.AskAsync(listener: "new")).Status);
    }

    [Fact]
    public async Task A_drain_waits_for_requests_of_the_listener_that_was_there_before()
    {
        var answer = new TaskCompletionSource();
        using var upstream = new Upstream(async c =>
        {
            await c.ReadAsync();
            await answer.Task;
            await c.AnswerAsync("done");
        });
        var address = $"{FilesProxy.FreeAddress()}";
        await using var proxy = await FilesProxy.StartAsync(
            FilesProxy.Config(FilesProxy.Listener("old", address)),
            services: ("web", upstream.Address)
        );
        var asking = proxy.AskAsync(listener: "old");
        await Eventually.HoldsAsync(() => !upstream.Requests.IsEmpty, "the request");

        proxy.Write("proxy.yaml", FilesProxy.Config(FilesProxy.Listener("new", address)));
        await Eventually.HoldsAsync(() => proxy.Server.Listeners[0].Config.Name == "new", "the new name");
        var draining = proxy.Server.DrainAsync(TimeSpan.FromSeconds(30));
        await Eventually.HoldsAsync(() => RefusesAsync(System.Net.IPEndPoint.Parse(address)), "a closed address");
        Assert.False(draining.IsCompleted);
        answer.SetResult();

        Assert.Equal("done", (await asking).Body);
        await draining.WithinLimit();
    }

    [Fact]
    public async Task An_address_may_change_its_kind()
    {
        using var web = Upstream.Answering("web");
        using var local = Upstream.Answering("local");
        var address = $"{FilesProxy.FreeAddress()}";
        await using var proxy = await FilesProxy.StartAsync(
            FilesProxy.Config(FilesProxy.Listener(address: address)),
            services: ("web", web.Address)
        );
        Assert.Equal("web", (await proxy.AskAsync()).Body);

        proxy.Write(
            "proxy.yaml",
            FilesProxy.Config(
                $"  - {{name: out, kind: inbound, address: \"{address}\", service: shop/web, to: \"{local.Address}\"}}\n"
            )
        );
        await Eventually.HoldsAsync(async () => (await proxy.AskAsync()).Body == "local", "the local application");
    }

    [Fact]
    public async Task An_address_that_is_taken_refuses_the_change_as_a_whole()
    {
        using var upstream = Upstream.Answering();
        await using var proxy = await FilesProxy.StartAsync(services: ("web", upstream.Address));

        proxy.Write(
            "proxy.yaml",
            FilesProxy.Config(FilesProxy.Listener("fine") + FilesProxy.Listener("taken", $"{upstream.Address}"))
        );
        var refusal = await proxy.RefusalAsync();

        Assert.Contains($"cannot listen on {upstream.Address}", refusal, StringComparison.Ordinal);
        Assert.Contains("proxy.yaml:6:", refusal, StringComparison.Ordinal);
        Assert.Equal("out", Assert.Single(proxy.Server.Listeners).Config.Name);
        Assert.Equal(200, (await proxy.AskAsync()).Status);
        Assert.Equal(1, proxy.State.World.Version);
        Assert.Single(proxy.State.World.Config.Listeners);
    }

    [Fact]
    public async Task A_refused_change_leaves_the_documents_where_they_were()
    {
        using var upstream = Upstream.Answering();
        await using var proxy = await FilesProxy.StartAsync(services: ("web", upstream.Address));
        proxy.Write("elsewhere/dtab.yaml", FilesProxy.Dtab("/svc => /$/nil"));

        proxy.Write(
            "proxy.yaml",
            FilesProxy.Config(FilesProxy.Listener() + FilesProxy.Listener("taken", $"{upstream.Address}"), "elsewhere")
        );
        await proxy.RefusalAsync();

        Assert.Equal(200, (await proxy.AskAsync()).Status);
        // The documents that are in force are still those that are watched.
        proxy.Write("mesh/dtab.yaml", FilesProxy.Dtab("/svc => /$/fail"));
        await proxy.IsLaterThanAsync(1);
        Assert.Equal("no-binding", (await proxy.AskAsync()).Error);
    }

    [Theory]
    [InlineData("workers: 3")]
    [InlineData("admin: 127.0.0.1:4999")]
    [InlineData("log: {format: json}")]
    public async Task What_only_a_restart_can_change_is_refused(string line)
    {
        await using var proxy = await FilesProxy.StartAsync();
        var key = line[..line.IndexOf(':', StringComparison.Ordinal)];
        var rest = FilesProxy
            .Config(FilesProxy.Listener())
            .Split('\n')
            .Where(l => !l.StartsWith(key + ":", StringComparison.Ordinal));

        proxy.Write("proxy.yaml", $"{line}\n{string.Join('\n', rest)}");

        Assert.Contains("restart the proxy", await proxy.RefusalAsync(), StringComparison.Ordinal);
        Assert.Equal(1, proxy.State.World.Version);
    }

    [Fact]
    public async Task A_level_that_was_set_by_hand_outlives_changes_of_other_things()
    {
        await using var proxy = await FilesProxy.StartAsync();
        proxy.State.Log.Level = LogLevel.Error;

        proxy.Write("proxy.yaml", FilesProxy.Config(FilesProxy.Listener(), more: "drain: 3s\n"));
        await proxy.IsLaterThanAsync(1);
        Assert.Equal(LogLevel.Error, proxy.State.Log.Level);
        proxy.Write("proxy.yaml", FilesProxy.Config(FilesProxy.Listener(), more: "log: {level: debug}\n"));
        await proxy.IsLaterThanAsync(2);

        Assert.Equal(LogLevel.Debug, proxy.State.Log.Level);
    }

    private static async Task<string> AskAsync(Wire client, string fields = "")
    {
        await client.SendAsync($"GET / HTTP/1.1\r\nhost: web\r\n{fields}\r\n");
        return (await client.ReadResponseAsync())!.Body;
    }

    private static async Task<bool> RefusesAsync(System.Net.IPEndPoint address)
    {
        try
        {
            using var client = await Wire.ConnectAsync(address);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
