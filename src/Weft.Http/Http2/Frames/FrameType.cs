namespace Weft.Http;

/// <summary>RFC 9113 section 6. Other values are unknown types, which are ignored.</summary>
internal enum FrameType : byte
{
    Data = 0,
    Headers = 1,
    Priority = 2,
    ResetStream = 3,
    Settings = 4,
    PushPromise = 5,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
    Continuation = 9,
}

/// <summary>One bit has one meaning per type of frame.</summary>
[Flags]
internal enum FrameFlags : byte
{
    None = 0,

    /// <summary>DATA and HEADERS: the last of the stream.</summary>
    EndStream = 0x1,

    /// <summary>SETTINGS and PING: the answer to one.</summary>
    Ack = EndStream,
    EndHeaders = 0x4,
    Padded = 0x8,
    Priority = 0x20,
}
