using System.Net;

namespace Weft.Proxy.Tests;

/// <summary>What a peer may say of itself and of its request, and what the proxy says in its place.</summary>
public class PeerContextTests
{
    private const string Claims =
        "weft-dtab: /svc => /#/t/other\r\nl5d-dtab: /svc => /#/t/other\r\nl5d-sample: 1\r\nweft-new: 1\r\n"
        + "x-forwarded-for: 6.6.6.6\r\nx-forwarded-proto: https\r\nx-forwarded-host: evil\r\n"
        + "x-forwarded-client-cert: evil\r\nforwarded: for=6.6.6.6\r\nweft-client-id: root\r\nweft-dst: /svc/evil\r\n"
        + "weft-dst-client: /evil\r\nweft-attempt: 7\r\nweft-error: evil\r\n";

    [Fact]
    public async Task Nothing_of_it_is_believed_from_a_peer_that_is_not_trusted()
    {
        var seen = await SeenOfAsync("trust: []", Claims);

        Assert.Null(seen["weft-dtab"]);
        Assert.Null(seen["l5d-dtab"]);
        Assert.Null(seen["l5d-sample"]);
        Assert.Null(seen["weft-new"]);
        Assert.Null(seen["x-forwarded-client-cert"]);
        Assert.Null(seen["weft-client-id"]);
        Assert.Null(seen["weft-error"]);
        Assert.Equal("127.0.0.1", seen["x-forwarded-for"]);
        Assert.Equal("http", seen["x-forwarded-proto"]);
        Assert.Equal("web", seen["x-forwarded-host"]);
        Assert.Equal("for=127.0.0.1;proto=http;host=\"web\"", seen["forwarded"]);
        Assert.Equal("/svc/web", seen["weft-dst"]);
        Assert.Equal("/#/t/web", seen["weft-dst-client"]);
        Assert.Equal("1", seen["weft-attempt"]);
    }

    [Fact]
    public async Task A_trusted_peer_passes_its_callers_context_on_but_not_the_places_of_this_hop()
    {
        var seen = await SeenOfAsync("", Claims.Replace("/svc => /#/t/other", "/x => /y", StringComparison.Ordinal));

        Assert.Equal("/x => /y", seen["weft-dtab"]);
        Assert.Equal("/x => /y", seen["l5d-dtab"]);
        Assert.Equal("6.6.6.6", seen["x-forwarded-for"]);
        Assert.Equal("https", seen["x-forwarded-proto"]);
        Assert.Equal("evil", seen["x-forwarded-host"]);
        Assert.Equal("for=6.6.6.6", seen["forwarded"]);
        Assert.Null(seen["weft-client-id"]);
        Assert.Null(seen["weft-error"]);
        Assert.Equal("/svc/web", seen["weft-dst"]);
        Assert.Equal("/#/t/web", seen["weft-dst-client"]);
        Assert.Equal("1", seen["weft-attempt"]);
    }

    [Theory]
    [InlineData("x-forwarded-proto: https\r\n", "x-forwarded-proto", "https")]
    [InlineData("x-forwarded-host: shop\r\n", "x-forwarded-host", "shop")]
    public async Task What_a_trusted_peer_says_of_the_client_is_said_once(string field, string name, string value) =>
        Assert.Equal(value, (await SeenOfAsync("", field))[name]);

    [Theory]
    [InlineData("")]
    [InlineData("trust: []")]
    public async Task Underscores_do_not_make_a_second_name_for_a_field_of_the_mesh(string listener)
    {
        var seen = await SeenOfAsync(
            listener,
            "weft_dtab: /x => /y\r\nweft_client_id: root\r\nWEFT-client_id: root\r\nl5d_dtab: /x => /y\r\n"
                + "X_Forwarded_For: 6.6.6.6\r\nx-forwarded_client-cert: evil\r\nmy_field: kept\r\nweft_: gone\r\n"
        );

        Assert.Equal("kept", seen["my_field"]);
        Assert.DoesNotContain(seen.Fields, f => f.Name.Contains('_', StringComparison.Ordinal) && f.Name != "my_field");
    }

    [Fact]
    public async Task Hop_by_hop_fields_end_here()
    {
        var seen = await SeenOfAsync(
            "",
            "connection: x-mine, close\r\nx-mine: 1\r\nkeep-alive: timeout=5\r\nte: trailers\r\nproxy-connection: x\r\n"
        );

        Assert.Null(seen["connection"]);
        Assert.Null(seen["x-mine"]);
        Assert.Null(seen["keep-alive"]);
        Assert.Null(seen["proxy-connection"]);
    }

    [Fact]
    public async Task Both_messages_say_that_they_came_through()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(names: n => n.Set("web", upstream.Address));

        var response = await mesh.AskAsync(fields: "via: 1.0 first\r\n");

        Assert.Equal(["1.0 first", "1.1 weft"], Assert.Single(upstream.Requests).All("via"));
        Assert.Equal("1.1 weft", response["via"]);
    }

    [Fact]
    public async Task The_local_application_is_not_told_names_of_the_mesh_by_strangers()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh($"service: web\nto: {upstream.Address}\ntrust: []", kind: "inbound");

        Assert.Equal(200, (await mesh.AskAsync("anything", fields: Claims)).Status);

        var seen = Assert.Single(upstream.Requests);
        Assert.DoesNotContain(seen.Fields, f => f.Name.StartsWith("weft-", StringComparison.Ordinal));
        Assert.Equal("anything", seen["host"]);
        Assert.Equal("127.0.0.1", seen["x-forwarded-for"]);
    }

    [Fact]
    public async Task What_serves_one_client_after_the_other_mixes_up_nothing_of_theirs()
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh("trust: [127.0.0.3/32]", names: n => n.Set("web", upstream.Address));
        using var stranger = await mesh.ConnectAsync(IPAddress.Parse("127.0.0.2"));
        using var trusted = await mesh.ConnectAsync(IPAddress.Parse("127.0.0.3"));
        for (var i = 0; i < 3; i++)
        {
            foreach (var client in (Wire[])[stranger, trusted])
            {
                await client.SendAsync("GET / HTTP/1.1\r\nhost: web\r\nx-forwarded-for: 6.6.6.6\r\n\r\n");
                Assert.Equal(200, (await client.ReadResponseAsync())!.Status);
            }
        }

        Assert.Equal(
            ["127.0.0.2", "6.6.6.6", "127.0.0.2", "6.6.6.6", "127.0.0.2", "6.6.6.6"],
            upstream.Requests.Select(r => r["x-forwarded-for"])
        );
    }

    private static async Task<Seen> SeenOfAsync(string listener, string fields)
    {
        using var upstream = Upstream.Answering();
        await using var mesh = new Mesh(listener, names: n => n.Set("web", upstream.Address));

        Assert.Equal(200, (await mesh.AskAsync(fields: fields)).Status);

        return Assert.Single(upstream.Requests);
    }
}
