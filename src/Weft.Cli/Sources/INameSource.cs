using System.Text.Json;
using Weft.Naming;

namespace Weft.Cli.Sources;

/// <summary>Who works out where a name leads. Answers are JSON as the guide has it, whoever has worked them out.</summary>
internal interface INameSource : IAsyncDisposable
{
    /// <summary>What is wrong with the sources of namers, as far as it is known.</summary>
    IEnumerable<Problem> Problems { get; }

    /// <summary>Every step from a name to what it is bound to: what <see cref="DelegationJson"/> writes.</summary>
    Task<JsonElement> DelegateAsync(Naming.Path path, CancellationToken stop);

    /// <summary>The same down to endpoints: what <see cref="ResolutionJson"/> writes.</summary>
    Task<JsonElement> ResolveAsync(Naming.Path path, CancellationToken stop);
}
