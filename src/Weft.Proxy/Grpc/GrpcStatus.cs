using Weft.Resources;

namespace Weft.Proxy;

/// <summary>The status codes of gRPC (the gRPC project's statuscodes.md).</summary>
internal enum GrpcStatus : byte
{
    Ok = 0,
    Cancelled = 1,
    Unknown = 2,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    AlreadyExists = 6,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    FailedPrecondition = 9,
    Aborted = 10,
    OutOfRange = 11,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
    DataLoss = 15,
    Unauthenticated = 16,
}

/// <summary>What gRPC's statuses mean in the words and numbers of the rest of the proxy.</summary>
internal static class GrpcStatuses
{
    private const int Count = (int)GrpcStatus.Unauthenticated + 1;

    // The HTTP mapping that google.rpc.Code documents.
    private static readonly short[] s_http =
    [
        200,
        499,
        500,
        400,
        504,
        404,
        409,
        403,
        429,
        400,
        409,
        400,
        501,
        500,
        503,
        500,
        401,
    ];

    /// <summary>As metrics and documents say it: <c>unavailable</c>, <c>data-loss</c>.</summary>
    public static string Text(this GrpcStatus status) => GrpcStatusNames.All[(int)status];

    /// <summary>The HTTP status that means the same, so that one rule says for both what a failure is.</summary>
    public static int HttpEquivalent(this GrpcStatus status) => s_http[(int)status];

    /// <summary>The status of a name that the documents' readers have let pass.</summary>
    /// <exception cref="ArgumentException">There is no such name.</exception>
    public static GrpcStatus Named(string name)
    {
        var code = GrpcStatusNames.CodeOf(name);
        return code >= 0 ? (GrpcStatus)code : throw new ArgumentException($"'{name}' is no gRPC status", nameof(name));
    }

    /// <summary>What a gRPC client makes of an HTTP status (gRPC's "HTTP to gRPC Status Code Mapping").</summary>
    public static GrpcStatus OfHttp(int status) =>
        status switch
        {
            400 => GrpcStatus.Internal,
            401 => GrpcStatus.Unauthenticated,
            403 => GrpcStatus.PermissionDenied,
            404 => GrpcStatus.Unimplemented,
            429 or 502 or 503 or 504 => GrpcStatus.Unavailable,
            _ => GrpcStatus.Unknown,
        };

    /// <summary>Reads a <c>grpc-status</c> field. A number that stands for no status is unknown, as is what is no number.</summary>
    public static GrpcStatus Parse(ReadOnlySpan<byte> value) =>
        System.Buffers.Text.Utf8Parser.TryParse(value, out byte code, out var used)
        && used == value.Length
        && code < Count
            ? (GrpcStatus)code
            : GrpcStatus.Unknown;

    /// <summary>What a caller by gRPC is told of an error that the proxy answers itself.</summary>
    public static GrpcStatus Of(ErrorReason reason) =>
        reason switch
        {
            ErrorReason.BadRequest or ErrorReason.NotIdentified or ErrorReason.BadDtab => GrpcStatus.InvalidArgument,
            ErrorReason.BodyTooLarge
            or ErrorReason.UriTooLong
            or ErrorReason.HeadersTooLarge
            or ErrorReason.RateLimited => GrpcStatus.ResourceExhausted,
            ErrorReason.ClientTimeout or ErrorReason.AttemptTimeout or ErrorReason.Deadline =>
                GrpcStatus.DeadlineExceeded,
            ErrorReason.UpstreamProtocol or ErrorReason.Internal => GrpcStatus.Internal,
            ErrorReason.NoRoute => GrpcStatus.Unimplemented,
            ErrorReason.Loop => GrpcStatus.FailedPrecondition,
            _ => GrpcStatus.Unavailable,
        };
}
