using Weft.EndToEnd.Harness;

namespace Weft.EndToEnd.Discovery;

/// <summary>A proxy whose services are in etcd, with files as the fallback.</summary>
public class EtcdMeshTests
{
    [Fact]
    public async Task killing_etcd_and_restarting_it_empty_loses_no_request()
    {
        await using var etcd = new EtcdServer();
        using var mesh = new TempMesh();
        await using var file = await EchoUpstream.Start("file");
        await using var one = await EchoUpstream.Start("one");
        await using var two = await EchoUpstream.Start("two");
        mesh.Disco("books", file.Address);
        mesh.Document(
            "etcd.yaml",
            $$"""
            kind: Namer
            metadata: {name: etcd}
            spec: {kind: etcd, servers: ["{{etcd.Address}}"], holdMassRemoval: 10m}
            """
        );
        mesh.Dtab("/host => /#/file ; /host => /#/etcd ; /svc => /host ;");
        // Before there is an etcd.
        await using var weft = await WeftProcess.Start(mesh);

        await etcd.Start("memory");
        // As long as nothing was ever heard of etcd, names below it are unknown; the next attempt to reach it may be a moment away.
        await Eventually.Is(
            async () =>
                (await weft.Admin("/delegate?path=/svc/books")).Contains("/#/file/books", StringComparison.Ordinal)
                && !(await weft.Admin("/delegate?path=/svc/books")).Contains("\"error\"", StringComparison.Ordinal),
            "etcd has answered"
        );
        var load = Load.Start(weft.Outbound, "books");
        await load.GoesTo("file");
        await etcd.Put("books/a", $"{one.Address.Address} {one.Address.Port}");
        await load.GoesTo("one");

        await etcd.Kill();
        await Eventually.Is(
            async () => (await weft.Problems()).Contains("/#/etcd", StringComparison.Ordinal),
            "the loss of etcd is told"
        );
        await load.Answers(100);
        await etcd.Start("nothing");
        await Eventually.Is(
            async () => (await weft.Problems()).Contains("withdrawn at once", StringComparison.Ordinal),
            "that everything is gone is told, and not believed",
            TimeSpan.FromMinutes(1)
        );
        await load.Answers(100);
        Assert.Equal("one", load.Outcomes[^1].ServedBy);
        await etcd.Put("books/b", $"{two.Address.Address} {two.Address.Port}");
        await load.GoesTo("two");
        await load.StopWithoutFailure();
    }
}
