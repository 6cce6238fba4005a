namespace Weft.Control;

/// <summary>How a store is doing.</summary>
/// <param name="Kind"><c>embedded</c> or <c>etcd</c>.</param>
/// <param name="Error">Why it could not be used when it was last tried; null when it could.</param>
/// <param name="Since">Since when it cannot be used; null when it can.</param>
public sealed record StoreStatus(string Kind, string? Error = null, DateTimeOffset? Since = null)
{
    /// <summary>The same store after a failure.</summary>
    internal StoreStatus Failed(string error, DateTimeOffset now) => this with { Error = error, Since = Since ?? now };

    /// <summary>The same store after it could be used.</summary>
    internal StoreStatus Recovered() => Error is null ? this : new StoreStatus(Kind);
}
