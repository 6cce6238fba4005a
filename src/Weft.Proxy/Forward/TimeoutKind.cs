namespace Weft.Proxy;

/// <summary>Which of a request's times has run out.</summary>
internal enum TimeoutKind : byte
{
    None,

    /// <summary>No byte has moved for too long.</summary>
    Idle,

    /// <summary>The attempt has not brought a response in time.</summary>
    Attempt,

    /// <summary>The whole request has used up its time.</summary>
    Deadline,

    /// <summary>The response is out; the client was given a moment to end its body.</summary>
    Linger,
}
