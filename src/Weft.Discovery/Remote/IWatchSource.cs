namespace Weft.Discovery;

/// <summary>A backend: how one key is followed, once.</summary>
/// <typeparam name="T">What is known of a key: immutable, with value equality.</typeparam>
internal interface IWatchSource<T>
    where T : class
{
    /// <summary>
    /// Follows a key until the connection fails (throws), the source asks for a new beginning (returns), or it is told to stop.
    /// It need not retry: whoever calls does.
    /// </summary>
    Task WatchAsync(string key, IWatchReport<T> report, CancellationToken stop);
}

/// <summary>Where a watch says what it has learned.</summary>
internal interface IWatchReport<in T>
    where T : class
{
    /// <summary>The source said what is so now.</summary>
    void Take(T value);

    /// <summary>The source answered that what it said last still holds.</summary>
    void Confirm();

    /// <summary>The source said something that makes no sense; what it said before is kept.</summary>
    void Reject(string why);
}

/// <summary>An answer of a backend that makes no sense or exceeds a bound: the text says which and where.</summary>
internal sealed class BackendException(string message, Exception? inner = null) : Exception(message, inner);
