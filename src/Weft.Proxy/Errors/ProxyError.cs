namespace Weft.Proxy;

/// <summary>A failure that the proxy itself answers: which of the closed list, and what was tried.</summary>
/// <param name="Reason">One out of the closed list.</param>
/// <param name="Message">A sentence for the person who reads the response or the log.</param>
/// <param name="RetryAfterSeconds">When it is worth coming again; 0 says nothing of that.</param>
internal readonly record struct ProxyError(ErrorReason Reason, string Message, long RetryAfterSeconds = 0);
