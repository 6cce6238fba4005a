namespace Weft.Proxy.Tests;

/// <summary>Documents and namers' files change while requests are served; what is bad is refused, the rest is not held up.</summary>
public class DocumentChangeTests
{
    [Fact]
    public async Task A_changed_table_is_in_force_within_a_second_or_so()
    {
        using var one = Upstream.Answering("one");
        using var two = Upstream.Answering("two");
        await using var proxy = await FilesProxy.StartAsync(services: [("web", one.Address), ("next", two.Address)]);
        Assert.Equal("one", (await proxy.AskAsync()).Body);

        proxy.Write("mesh/dtab.yaml", FilesProxy.Dtab("/svc => /#/file ; /svc/web => /#/file/next"));
        await proxy.IsLaterThanAsync(1);

        Assert.Equal("two", (await proxy.AskAsync()).Body);
    }

    [Fact]
    public async Task A_bad_document_is_refused_with_its_place_and_the_last_good_text_stays()
    {
        using var upstream = Upstream.Answering();
        await using var proxy = await FilesProxy.StartAsync(services: ("web", upstream.Address));

        proxy.Write("mesh/dtab.yaml", FilesProxy.Dtab("/svc => "));
        var refusal = await proxy.RefusalAsync();

        Assert.Contains("mesh/dtab.yaml:4:", refusal, StringComparison.Ordinal);
        Assert.Equal(200, (await proxy.AskAsync()).Status);
        Assert.NotEmpty(proxy.Keeper.Status.Problems);
        Assert.NotNull(proxy.Keeper.Status.StaleSince);
        Assert.Equal(1, proxy.State.World.Version);
    }

    [Fact]
    public async Task A_bad_document_does_not_hold_up_a_good_one()
    {
        using var upstream = Upstream.Answering();
        await using var proxy = await FilesProxy.StartAsync(services: ("web", upstream.Address));
        proxy.Write("mesh/dtab.yaml", "kind: Dtab\nnonsense");
        await proxy.RefusalAsync();

        proxy.Write(
            "mesh/service.yaml",
            "apiVersion: weft.dev/v1\nkind: Service\nmetadata: {name: web}\nspec: {timeouts: {request: 7s}}\n"
        );
        await proxy.IsLaterThanAsync(1);

        Assert.Equal(200, (await proxy.AskAsync()).Status);
        Assert.NotNull(upstream.Requests.Last()["weft-timeout"]);
        Assert.NotEmpty(proxy.Keeper.Status.Problems);
        Assert.Equal(1, Rejections(proxy));
    }

    [Fact]
    public async Task Problems_go_when_the_file_is_mended_be_it_by_its_old_text()
    {
        using var upstream = Upstream.Answering();
        await using var proxy = await FilesProxy.StartAsync(services: ("web", upstream.Address));
        var loaded = proxy.Keeper.Status.LoadedAt;

        proxy.Write("mesh/dtab.yaml", "nonsense");
        await proxy.RefusalAsync();
        proxy.Write("mesh/dtab.yaml", FilesProxy.Dtab("/svc => /#/file"));
        await proxy.IsMendedAsync();

        Assert.Null(proxy.Keeper.Status.StaleSince);
        Assert.Single(proxy.Keeper.Status.Rejections);
        Assert.Equal(1, Rejections(proxy));
        Assert.Equal(200, (await proxy.AskAsync()).Status);
        Assert.True(loaded <= proxy.Keeper.Status.LoadedAt);
    }

    [Fact]
    public async Task A_bad_file_of_the_proxy_is_refused_and_mended_in_the_same_way()
    {
        using var upstream = Upstream.Answering();
        await using var proxy = await FilesProxy.StartAsync(services: ("web", upstream.Address));
        var loaded = proxy.Keeper.Status.LoadedAt;
        var good = await File.ReadAllTextAsync(proxy.At("proxy.yaml"), TestContext.Current.CancellationToken);

        proxy.Write("proxy.yaml", good.Replace("listeners", "lisseners", StringComparison.Ordinal));
        Assert.Contains("proxy.yaml:4:1", await proxy.RefusalAsync(), StringComparison.Ordinal);
        proxy.Write("proxy.yaml", good);
        await proxy.IsMendedAsync();

        // Nothing came into force all along.
        Assert.Equal(loaded, proxy.Keeper.Status.LoadedAt);
        Assert.Equal(1, proxy.State.World.Version);
        Assert.Equal(1, Rejections(proxy));
    }

    [Fact]
    public async Task A_file_that_names_a_table_that_is_not_there_is_refused()
    {
        using var upstream = Upstream.Answering();
        await using var proxy = await FilesProxy.StartAsync(services: ("web", upstream.Address));

        proxy.Write("proxy.yaml", FilesProxy.Config(FilesProxy.Listener(more: ", dtab: absent")));
        Assert.Contains("absent", await proxy.RefusalAsync(), StringComparison.Ordinal);

        Assert.Equal(200, (await proxy.AskAsync()).Status);
        Assert.Null(proxy.State.World.Config.Listeners[0].Dtab);
    }

    [Fact]
    public async Task A_table_that_a_listener_needs_cannot_be_removed()
    {
        using var upstream = Upstream.Answering();
        await using var proxy = await FilesProxy.StartAsync(
            FilesProxy.Config(FilesProxy.Listener(more: ", dtab: default")),
            services: ("web", upstream.Address)
        );

        proxy.Delete("mesh/dtab.yaml");
        await proxy.RefusalAsync();

        Assert.Equal(200, (await proxy.AskAsync()).Status);
    }

    [Fact]
    public async Task Documents_may_move_to_another_folder()
    {
        using var one = Upstream.Answering("one");
        using var two = Upstream.Answering("two");
        await using var proxy = await FilesProxy.StartAsync(services: [("web", one.Address), ("next", two.Address)]);
        proxy.Write("mesh2/all.yaml", FilesProxy.Dtab("/svc => /#/file/next") + "---\n" + FilesProxy.Namer("../disco"));

        proxy.Write("proxy.yaml", FilesProxy.Config(FilesProxy.Listener(), "mesh2"));
        // What is said in the old folder at the same time says nothing any more.
        proxy.Write("mesh/dtab.yaml", FilesProxy.Dtab("/svc => /$/fail"));
        await Eventually.HoldsAsync(async () => (await proxy.AskAsync()).Body == "two", "the new table");
        var version = proxy.State.World.Version;

        proxy.Write("mesh2/all.yaml", FilesProxy.Dtab("/svc => /#/file") + "---\n" + FilesProxy.Namer("../disco"));
        await proxy.IsLaterThanAsync(version);
        Assert.Equal("one", (await proxy.AskAsync()).Body);
        Assert.Empty(proxy.Keeper.Status.Problems);
    }

    [Theory]
    [InlineData("nowhere")]
    [InlineData("bad")]
    public async Task A_folder_that_is_not_sound_refuses_the_move(string folder)
    {
        using var upstream = Upstream.Answering();
        await using var proxy = await FilesProxy.StartAsync(services: ("web", upstream.Address));
        proxy.Write("bad/dtab.yaml", FilesProxy.Dtab("/svc => "));

        proxy.Write("proxy.yaml", FilesProxy.Config(FilesProxy.Listener(), folder));
        Assert.Contains(folder, await proxy.RefusalAsync(), StringComparison.Ordinal);

        Assert.Equal(200, (await proxy.AskAsync()).Status);
        Assert.EndsWith("mesh", proxy.State.World.Config.Resources, StringComparison.Ordinal);
        proxy.Write("mesh/dtab.yaml", FilesProxy.Dtab("/svc => /$/fail"));
        await proxy.IsLaterThanAsync(1);
        Assert.Equal("no-binding", (await proxy.AskAsync()).Error);
    }

    [Fact]
    public async Task The_mark_at_the_beginning_of_a_file_is_no_text()
    {
        using var upstream = Upstream.Answering();
        await using var proxy = await FilesProxy.StartAsync(services: ("web", upstream.Address));

        proxy.Write("mesh/dtab.yaml", "\uFEFF" + FilesProxy.Dtab("/svc => /$/fail"));
        await proxy.IsLaterThanAsync(1);

        Assert.Equal("no-binding", (await proxy.AskAsync()).Error);
        Assert.Empty(proxy.Keeper.Status.Problems);
    }

    [Fact]
    public async Task Endpoints_follow_their_file_and_a_bad_one_keeps_the_last_known()
    {
        using var one = Upstream.Answering("one");
        using var two = Upstream.Answering("two");
        await using var proxy = await FilesProxy.StartAsync(services: ("web", one.Address));
        Assert.Equal("one", (await proxy.AskAsync()).Body);

        proxy.SetService("web", two.Address);
        await Eventually.HoldsAsync(async () => (await proxy.AskAsync()).Body == "two", "the new endpoint");
        proxy.Write("disco/web", "not an endpoint\n");
        Assert.Contains("disco/web:1:", await proxy.RefusalAsync(), StringComparison.Ordinal);
        Assert.Equal("two", (await proxy.AskAsync()).Body);
        Assert.NotEmpty(proxy.Keeper.Status.Problems);

        proxy.SetService("web", one.Address);
        await proxy.IsMendedAsync();
        await Eventually.HoldsAsync(async () => (await proxy.AskAsync()).Body == "one", "the first endpoint");
        Assert.Equal(1, Rejections(proxy));
        proxy.Delete("disco/web");
        await Eventually.HoldsAsync(async () => (await proxy.AskAsync()).Error == "no-binding", "no such name");
    }

    [Fact]
    public async Task A_file_that_is_gone_is_a_problem_until_it_is_back()
    {
        await using var proxy = await FilesProxy.StartAsync();
        var text = await File.ReadAllTextAsync(proxy.At("proxy.yaml"), TestContext.Current.CancellationToken);

        proxy.Delete("proxy.yaml");
        Assert.Contains("proxy.yaml", await proxy.RefusalAsync(), StringComparison.Ordinal);
        Assert.NotEmpty(proxy.Keeper.Status.Problems);
        proxy.Write("proxy.yaml", text);

        await proxy.IsMendedAsync();
        Assert.Equal(1, proxy.State.World.Version);
    }

    private static double Rejections(FilesProxy proxy) =>
        Scrape.Of(proxy.Metrics.Registry).Sum("weft_config_rejected_total");
}
