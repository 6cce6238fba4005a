using System.Text.Json;
using Weft.Cli.Control;
using Weft.Naming;

namespace Weft.Cli.Sources;

/// <summary>A control plane works it out, with its documents and its namers.</summary>
/// <param name="client">Whom to ask; it ends with this source.</param>
/// <param name="dtabName">The Dtab document; null for the one that is meant when none is named.</param>
/// <param name="entries">They come after those of the document.</param>
internal sealed class RemoteNames(ControlClient client, string? dtabName, Dtab entries) : INameSource
{
    /// <summary>Those of its namers are told in its own log.</summary>
    public IEnumerable<Problem> Problems => [];

    public Task<JsonElement> DelegateAsync(Naming.Path path, CancellationToken stop) =>
        AskAsync("delegate", path, stop);

    public Task<JsonElement> ResolveAsync(Naming.Path path, CancellationToken stop) => AskAsync("resolve", path, stop);

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<JsonElement> AskAsync(string what, Naming.Path path, CancellationToken stop) =>
        client.AskNameAsync(what, path.ToString(), entries.IsEmpty ? null : entries.Show(), dtabName, stop);
}
