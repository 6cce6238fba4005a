namespace Weft.EndToEnd.Harness;

/// <summary>The smallest mesh: the service <c>books</c> with one endpoint, behind one proxy. A fixture, or one test's own.</summary>
public sealed class OneService : IAsyncLifetime
{
    public const string Name = "books";

    internal TempMesh Mesh { get; } = new();

    internal EchoUpstream Upstream { get; private set; } = null!;

    internal WeftProcess Weft { get; private set; } = null!;

    internal static async Task<OneService> Start()
    {
        var service = new OneService();
        try
        {
            await service.InitializeAsync();
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    public async ValueTask InitializeAsync()
    {
        Upstream = await EchoUpstream.Start("books-1");
        Mesh.Disco(Name, Upstream.Address);
        Weft = await WeftProcess.Start(Mesh);
    }

    public async ValueTask DisposeAsync()
    {
        // Either may be missing when starting failed.
        if (Weft is not null)
            await Weft.DisposeAsync();
        if (Upstream is not null)
            await Upstream.DisposeAsync();
        Mesh.Dispose();
    }
}
