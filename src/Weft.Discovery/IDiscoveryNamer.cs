using Weft.Naming;

namespace Weft.Discovery;

/// <summary>A namer of a document: it makes the names below one prefix, and follows a source of its own.</summary>
public interface IDiscoveryNamer : INamer, IEndpointSource, IAsyncDisposable
{
    /// <summary>What names begin with.</summary>
    Naming.Path Prefix { get; }

    /// <summary>What is wrong with the source at present; what was known before is kept all the same. Safe from any thread.</summary>
    IReadOnlyList<Problem> Problems { get; }

    /// <summary>
    /// Raised, off the event loops, when an answer may have changed, or the problems are others than before; also
    /// now and then, so that names that are still in use are asked for again.
    /// </summary>
    event Action? Changed;

    /// <summary>
    /// For how long something of the source has not been reached or understood; null while all of it is current. Safe from any thread.
    /// </summary>
    TimeSpan? FailingFor { get; }

    /// <summary>Begins to follow the source. Does not wait for it: the order in which programs start does not matter.</summary>
    void Start();

    /// <summary>How long the source of a concrete name has not been reached or understood; null when it is current or unknown.</summary>
    TimeSpan? StaleFor(Naming.Path concreteName);
}
