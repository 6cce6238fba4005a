using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Changes;

public class HotReloadTests
{
    private const int Edits = 50;

    [Fact]
    public async Task editing_the_dtab_moves_traffic_and_loses_no_request()
    {
        using var mesh = new TempMesh();
        await using var one = await EchoUpstream.Start("one");
        await using var two = await EchoUpstream.Start("two");
        mesh.Disco("books-v1", one.Address);
        mesh.Disco("books-v2", two.Address);
        mesh.Dtab($"{TempMesh.DefaultDtab} /svc/books => /host/books-v1 ;");
        await using var weft = await WeftProcess.Start(mesh);

        var load = Load.Start(weft.Outbound, "books");
        await load.GoesTo("one");
        for (var edit = 0; edit < Edits; edit++)
        {
            var version = edit % 2 == 0 ? 2 : 1;
            mesh.Dtab($"{TempMesh.DefaultDtab} /svc/books => /host/books-v{version} ;");
            await load.GoesTo(version == 2 ? "two" : "one");
        }
        await load.StopWithoutFailure();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task editing_a_services_file_fifty_times_loses_no_request(bool inPlace)
    {
        using var mesh = new TempMesh();
        await using var one = await EchoUpstream.Start("one");
        await using var two = await EchoUpstream.Start("two");
        mesh.Disco("books", one.Address);
        await using var weft = await WeftProcess.Start(mesh);

        var load = Load.Start(weft.Outbound, "books");
        for (var edit = 0; edit < Edits; edit++)
        {
            var now = edit % 2 == 0 ? two : one;
            if (inPlace)
                mesh.DiscoInPlace("books", now.Address);
            else
                mesh.Disco("books", now.Address);
            await load.GoesTo(edit % 2 == 0 ? "two" : "one");
        }
        await load.StopWithoutFailure();
    }

    [Fact]
    public async Task a_dtab_that_does_not_parse_is_refused_and_the_last_good_one_stays()
    {
        await using var service = await OneService.Start();
        var load = Load.Start(service.Weft.Outbound, OneService.Name);
        await load.Answers(50);

        service.Mesh.Dtab("/svc => => nonsense");
        await Eventually.Is(
            async () => await service.Weft.Metric("weft_config_rejected_total") >= 1,
            "the refusal was counted"
        );
        Assert.Contains("dtab.yaml", await service.Weft.Admin("/config"), StringComparison.Ordinal);
        await Eventually.Is(
            () => service.Weft.Errors.Contains("dtab.yaml:", StringComparison.Ordinal),
            "the refusal was logged with its place"
        );

        await load.Answers(50);
        await load.StopWithoutFailure();
    }

    [Fact]
    public async Task a_services_file_with_a_bad_line_is_refused_and_the_last_good_one_stays()
    {
        await using var service = await OneService.Start();
        service.Mesh.RawDisco("books", "127.0.0.1 not-a-port\n");
        await Eventually.Is(
            () => service.Weft.Errors.Contains("books:1", StringComparison.Ordinal),
            "the refusal was logged with its place"
        );
        Assert.Equal("books-1", (await service.Weft.Get("books")).Text);
    }

    [Fact]
    public async Task a_services_file_that_is_removed_makes_the_name_unknown()
    {
        await using var service = await OneService.Start();
        Assert.Equal(200, (await service.Weft.Get("books")).Status);
        service.Mesh.RemoveDisco("books");
        await Eventually.Is(
            async () => (await service.Weft.Get("books")).WeftError is "no-binding",
            "the name is unknown"
        );
    }

    [Fact]
    public async Task restarting_an_endpoint_that_was_taken_out_first_loses_no_request()
    {
        using var mesh = new TempMesh();
        await using var stays = await EchoUpstream.Start("stays");
        var restarted = await EchoUpstream.Start("restarted");
        mesh.Disco("books", stays.Address, restarted.Address);
        await using var weft = await WeftProcess.Start(mesh);

        var load = Load.Start(weft.Outbound, "books");
        await load.Answers(200);
        // Taken out first, as an orderly restart does; then nothing may be lost at all.
        mesh.Disco("books", stays.Address);
        await load.GoesTo("stays");
        await restarted.Kill();
        await load.Answers(200);
        await using var again = await EchoUpstream.Start("again", restarted.Address);
        mesh.Disco("books", stays.Address, again.Address);
        await Eventually.Is(() => load.Outcomes[^1].ServedBy is "again", "the restarted endpoint serves again");
        await load.StopWithoutFailure();
    }
}
