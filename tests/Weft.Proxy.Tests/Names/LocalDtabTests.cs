namespace Weft.Proxy.Tests;

/// <summary>Dentries that come with a request.</summary>
public class LocalDtabTests
{
    [Theory]
    [InlineData("weft-dtab")]
    [InlineData("l5d-dtab")]
    public async Task They_count_for_that_request_alone(string field)
    {
        using var web = Upstream.Answering("web");
        using var other = Upstream.Answering("other");
        await using var mesh = new Mesh(names: n =>
        {
            n.Set("web", web.Address);
            n.Set("other", other.Address);
        });

        Assert.Equal("other", (await mesh.AskAsync(fields: $"{field}: /svc/web => /#/t/other\r\n")).Body);
        Assert.Equal("web", (await mesh.AskAsync()).Body);
        Assert.Equal("/svc/web => /#/t/other", Assert.Single(other.Requests)[field]);
    }

    [Theory]
    [InlineData("/svc =>")]
    [InlineData("no dtab")]
    public async Task One_that_cannot_be_read_is_the_callers_error(string dtab)
    {
        using var web = Upstream.Answering();
        await using var mesh = new Mesh(names: n => n.Set("web", web.Address));

        var response = await mesh.AskAsync(fields: $"weft-dtab: {dtab}\r\n");

        Assert.Equal((400, "bad-dtab"), (response.Status, response.Error));
        Assert.Contains("weft-dtab", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_too_long_to_be_remembered_is_refused()
    {
        using var web = Upstream.Answering();
        await using var mesh = new Mesh(names: n => n.Set("web", web.Address));
        var entries = string.Join(';', Enumerable.Range(0, 1000).Select(i => $"/x/{i} => /y"));

        var response = await mesh.AskAsync(fields: $"l5d-dtab: {entries}\r\n");

        Assert.Equal((400, "bad-dtab"), (response.Status, response.Error));
        Assert.Equal(0, await mesh.OnLoopAsync(() => mesh.Loop.Listeners.Sum(l => l.Names)));
    }

    [Fact]
    public async Task They_may_cause_less_work_than_the_configurations_own()
    {
        // Eleven levels of two each: some six thousand names.
        var levels = string.Join(';', Enumerable.Range(0, 11).Select(i => $"/l{i} => /l{i + 1} & /l{i + 1}"));
        var table = $"{levels};/l11 => /#/t/web;/svc => /l0";
        using var web = Upstream.Answering();
        await using var mesh = new Mesh(dtab: table, names: n => n.Set("web", web.Address));

        Assert.Equal(200, (await mesh.AskAsync()).Status);
        var response = await mesh.AskAsync(fields: "weft-dtab: /x => /y\r\n");

        Assert.Equal((503, "no-binding"), (response.Status, response.Error));
    }
}
