using System.Collections.Immutable;

namespace Weft.Discovery;

/// <summary>Several clients that end together.</summary>
internal sealed class BackendClients(ImmutableArray<BackendClient> clients) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }
}
