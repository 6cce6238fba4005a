namespace Weft.Proxy.Tests;

/// <summary>Weighted unions, request by request.</summary>
public class UnionTests
{
    [Fact]
    public async Task A_member_without_endpoints_fails_its_share()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(
            dtab: "/svc/web => 1 * /#/t/web & 1 * /$/nil",
            names: n => n.Set("web", upstream.Address)
        );

        var answers = await AskOftenAsync(mesh, 200);

        Assert.InRange(answers.Count(a => a.Status == 200), 60, 140);
        Assert.All(answers.Where(a => a.Status != 200), a => Assert.Equal((503, "no-endpoints"), (a.Status, a.Error)));
    }

    [Fact]
    public async Task A_member_of_weight_zero_gets_nothing()
    {
        using var v1 = Upstream.Answering("v1");
        using var v2 = Upstream.Answering("v2");
        await using var mesh = new Mesh(
            dtab: "/svc/web => 1 * /#/t/v1 & 0 * /#/t/v2",
            names: n =>
            {
                n.Set("v1", v1.Address);
                n.Set("v2", v2.Address);
            }
        );

        Assert.All(await AskOftenAsync(mesh, 20), a => Assert.Equal("v1", a.Body));
    }

    [Fact]
    public async Task Weights_that_are_all_zero_are_no_endpoints()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(
            dtab: "/svc/web => 0 * /#/t/v1 & 0 * /#/t/v2",
            names: n =>
            {
                n.Set("v1", upstream.Address);
                n.Set("v2", upstream.Address);
            }
        );

        var answer = await mesh.AskAsync();

        Assert.Equal((503, "no-endpoints"), (answer.Status, answer.Error));
    }

    [Fact]
    public async Task Traffic_follows_the_weights_and_a_changed_table_at_once()
    {
        using var v1 = Upstream.Answering("v1");
        using var v2 = Upstream.Answering("v2");
        await using var mesh = new Mesh(
            dtab: "/svc/web => 9 * /#/t/v1 & 1 * /#/t/v2",
            names: n =>
            {
                n.Set("v1", v1.Address);
                n.Set("v2", v2.Address);
            }
        );

        Assert.InRange((await AskOftenAsync(mesh, 500)).Count(a => a.Body == "v2"), 20, 90);
        await mesh.PublishAsync("/svc/web => /#/t/v2");
        Assert.All(await AskOftenAsync(mesh, 20), a => Assert.Equal("v2", a.Body));
    }

    private static async Task<List<RawResponse>> AskOftenAsync(Mesh mesh, int times)
    {
        using var client = await mesh.ConnectAsync();
        var answers = new List<RawResponse>();
        for (var i = 0; i < times; i++)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\n\r\n");
            answers.Add((await client.ReadResponseAsync())!);
        }

        return answers;
    }
}
