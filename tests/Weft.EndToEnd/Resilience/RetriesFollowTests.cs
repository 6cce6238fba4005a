using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Resilience;

public class RetriesFollowTests
{
    /// <summary>Nobody else asks for the name meanwhile: the retry itself has to look where it leads by now.</summary>
    [Fact]
    public async Task a_retry_goes_where_the_table_leads_by_then()
    {
        await using var dead = new FaultyUpstream(Fault.Refuses);
        await using var alive = await EchoUpstream.Start("alive");
        using var mesh = new TempMesh();
        mesh.Disco("books-dead", dead.Address);
        mesh.Disco("books-alive", alive.Address);
        mesh.Dtab($"{TempMesh.DefaultDtab} /svc/books => /host/books-dead ;");
        mesh.Document(
            "services.yaml",
            """
            kind: Service
            metadata: {name: books}
            spec:
              retries:
                on: [connect-failure]
                limit: 100
                budget: {minPerSecond: 100}
                backoff: {base: 100ms, max: 100ms, jitter: equal}
            """
        );
        await using var weft = await WeftProcess.Start(mesh);

        var request = weft.Get("books");
        await Eventually.Is(
            async () => await weft.Metric("weft_attempts_total", "try=\"retry\"", "result=\"failure\"") > 0,
            "the dead endpoint was tried again"
        );
        mesh.Dtab($"{TempMesh.DefaultDtab} /svc/books => /host/books-alive ;");
        Assert.Equal("alive", (await request).ServedBy);
    }
}
