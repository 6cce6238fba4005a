namespace Weft.Http;

/// <summary>Where a body stands after a chunk of it.</summary>
public enum BodyState : byte
{
    /// <summary>More may follow.</summary>
    More,

    /// <summary>This was the last; trailers, if any, are there.</summary>
    Last,

    /// <summary>The connection ended or failed before the body did.</summary>
    Broken,

    /// <summary>The body broke a rule of its framing; nothing more of it may be believed.</summary>
    Malformed,
}

/// <summary>A piece of a body. The bytes stay valid until the next piece is asked for.</summary>
/// <param name="Data">May be empty with <see cref="BodyState.Last"/>.</param>
/// <param name="State">What comes after it.</param>
public readonly record struct BodyChunk(ReadOnlyMemory<byte> Data, BodyState State)
{
    /// <summary>The whole of an empty body.</summary>
    public static readonly BodyChunk End = new(default, BodyState.Last);

    /// <summary>Nothing yet.</summary>
    public static readonly BodyChunk None = new(default, BodyState.More);

    public bool IsLast => State == BodyState.Last;

    public bool IsFailed => State >= BodyState.Broken;
}
