using Weft.Net;

namespace Weft.Http;

/// <summary>The body of a received message, its framing taken off. One reader at a time.</summary>
public abstract class BodySource
{
    /// <summary>The body was read to its end.</summary>
    public abstract bool IsComplete { get; }

    /// <summary>The rule that a malformed body broke.</summary>
    public abstract RejectReason Reason { get; }

    /// <summary>The trailers of a body that was read to its end; null when there are none.</summary>
    public abstract TrailerFields? Trailers { get; }

    /// <summary>Takes what has been received already, without waiting: possibly nothing, with <see cref="BodyState.More"/>.</summary>
    public abstract BodyChunk Take();

    /// <summary>The next piece: never empty with <see cref="BodyState.More"/>.</summary>
    public abstract LoopTask<BodyChunk> ReadAsync();
}
