namespace Weft.Control;

/// <summary>Where documents are kept. Safe from any thread.</summary>
public interface IDocumentStore : IAsyncDisposable
{
    /// <summary>The store as this process knows it; never older than a commit that this process acknowledged.</summary>
    StoreView View { get; }

    /// <summary>Whether the store can be used at present, as far as is known without trying.</summary>
    StoreStatus Status { get; }

    /// <summary>Raised, one call at a time, after <see cref="View"/> has changed.</summary>
    event Action<StoreView>? Changed;

    /// <summary>The store as of now, with what other processes have committed until this call.</summary>
    /// <exception cref="StoreException">The store cannot be reached.</exception>
    ValueTask<StoreView> ReadAsync(CancellationToken stop);

    /// <summary>Writes changes, if what they expect holds. When this returns committed, the changes survive any crash.</summary>
    /// <exception cref="StoreException">They could not be written. Whether they were is then not known.</exception>
    Task<CommitOutcome> CommitAsync(Commit commit, CancellationToken stop);
}

/// <summary>The store cannot be read or written; the message says why and is meant for the person who asked.</summary>
public sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner);
