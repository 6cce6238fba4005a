namespace Weft.Http;

/// <summary>The methods that change how a message is read or retried; any other is <see cref="Other"/> and passes as it came.</summary>
public enum RequestMethod : byte
{
    Other,
    Get,
    Head,
    Post,
    Put,
    Delete,
    Connect,
    Options,
    Trace,
    Patch,
}

public static class RequestMethods
{
    /// <summary>Methods are case-sensitive (RFC 9110 section 9.1): <c>get</c> is <see cref="RequestMethod.Other"/>.</summary>
    public static RequestMethod Classify(ReadOnlySpan<byte> name) =>
        name.Length switch
        {
            3 when name.SequenceEqual("GET"u8) => RequestMethod.Get,
            3 when name.SequenceEqual("PUT"u8) => RequestMethod.Put,
            4 when name.SequenceEqual("POST"u8) => RequestMethod.Post,
            4 when name.SequenceEqual("HEAD"u8) => RequestMethod.Head,
            5 when name.SequenceEqual("PATCH"u8) => RequestMethod.Patch,
            5 when name.SequenceEqual("TRACE"u8) => RequestMethod.Trace,
            6 when name.SequenceEqual("DELETE"u8) => RequestMethod.Delete,
            7 when name.SequenceEqual("OPTIONS"u8) => RequestMethod.Options,
            7 when name.SequenceEqual("CONNECT"u8) => RequestMethod.Connect,
            _ => RequestMethod.Other,
        };

    /// <summary>Sending the request twice has the effect of sending it once (RFC 9110 section 9.2.2).</summary>
    public static bool IsIdempotent(RequestMethod method) =>
        method
            is RequestMethod.Get
                or RequestMethod.Head
                or RequestMethod.Put
                or RequestMethod.Delete
                or RequestMethod.Options
                or RequestMethod.Trace;
}
