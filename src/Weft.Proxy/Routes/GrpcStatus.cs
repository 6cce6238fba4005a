using Weft.Http;

namespace Weft.Proxy;

/// <summary>The status codes of gRPC, their names in documents, and what they are in HTTP.</summary>
internal static class GrpcStatus
{
    private const int Unknown = 2;
    private const int Unimplemented = 12;
    private const int Internal = 13;
    private const int Unavailable = 14;

    // By code. The HTTP statuses are those of google.rpc.Code.
    private static readonly (string Name, int Http)[] s_codes =
    [
        ("ok", 200),
        ("cancelled", 499),
        ("unknown", 500),
        ("invalid-argument", 400),
        ("deadline-exceeded", 504),
        ("not-found", 404),
        ("already-exists", 409),
        ("permission-denied", 403),
        ("resource-exhausted", 429),
        ("failed-precondition", 400),
        ("aborted", 409),
        ("out-of-range", 400),
        ("unimplemented", 501),
        ("internal", 500),
        ("unavailable", 503),
        ("data-loss", 500),
        ("unauthenticated", 401),
    ];

    /// <summary>The code of a name that the readers have let pass.</summary>
    /// <exception cref="ArgumentException">There is no such name.</exception>
    public static int Parse(string name)
    {
        var code = Array.FindIndex(s_codes, c => string.Equals(c.Name, name, StringComparison.Ordinal));
        return code >= 0 ? code : throw new ArgumentException($"'{name}' is no gRPC status", nameof(name));
    }

    public static int ToHttp(int code) => s_codes[code].Http;

    /// <summary>What a gRPC client makes of an HTTP status (gRPC's "HTTP to gRPC Status Code Mapping").</summary>
    public static int OfHttp(int status) =>
        status switch
        {
            400 => Internal,
            401 => Parse("unauthenticated"),
            403 => Parse("permission-denied"),
            404 => Unimplemented,
            429 or 502 or 503 or 504 => Unavailable,
            _ => Unknown,
        };

    /// <summary>Whether a request is a gRPC call: its content type is <c>application/grpc</c>, perhaps with <c>+proto</c> and the like.</summary>
    public static bool IsGrpc(RequestHead head) =>
        head.TryGet(KnownHeader.ContentType, out var type)
        && type.StartsWith("application/grpc"u8)
        && (type.Length == "application/grpc"u8.Length || type["application/grpc"u8.Length] is (byte)'+' or (byte)';');
}
