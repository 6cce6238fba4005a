namespace Weft.Http;

/// <summary>The customary phrases of the statuses that responses made here have (RFC 9110 section 15).</summary>
public static class ReasonPhrase
{
    /// <summary>The phrase; empty for a status that has none here.</summary>
    public static ReadOnlySpan<byte> Of(int status) =>
        status switch
        {
            100 => "Continue"u8,
            101 => "Switching Protocols"u8,
            200 => "OK"u8,
            202 => "Accepted"u8,
            204 => "No Content"u8,
            304 => "Not Modified"u8,
            400 => "Bad Request"u8,
            401 => "Unauthorized"u8,
            403 => "Forbidden"u8,
            404 => "Not Found"u8,
            405 => "Method Not Allowed"u8,
            408 => "Request Timeout"u8,
            413 => "Content Too Large"u8,
            414 => "URI Too Long"u8,
            429 => "Too Many Requests"u8,
            431 => "Request Header Fields Too Large"u8,
            500 => "Internal Server Error"u8,
            501 => "Not Implemented"u8,
            502 => "Bad Gateway"u8,
            503 => "Service Unavailable"u8,
            504 => "Gateway Timeout"u8,
            505 => "HTTP Version Not Supported"u8,
            508 => "Loop Detected"u8,
            _ => ""u8,
        };
}
