using Weft.Bench.Harness.Machine;

namespace Weft.Bench.Harness.Load;

/// <summary>What h2load asks for.</summary>
/// <param name="Arguments">Further arguments for h2load: fields, a body.</param>
internal sealed record Http2Call(string Path, IReadOnlyList<string> Arguments)
{
    /// <summary>The bytes of a message, without the five that gRPC puts before it.</summary>
    private const int MessageLength = 84;

    /// <summary>A small GET.</summary>
    public static Http2Call SmallGet { get; } = new("/", []);

    /// <summary>A gRPC message: uncompressed, its length, its bytes.</summary>
    public static byte[] Message { get; } = [0, 0, 0, 0, MessageLength, .. new byte[MessageLength]];

    /// <summary>A unary gRPC call with one message each way.</summary>
    public static Http2Call Unary()
    {
        var body = System.IO.Path.Combine(Scratch.NewFolder("message"), "message");
        File.WriteAllBytes(body, Message);
        return new Http2Call(
            NghttpdUpstream.GrpcPath,
            ["-d", body, "-H", "content-type: application/grpc", "-H", "te: trailers"]
        );
    }
}
