using System.Net.Sockets;

namespace Weft.Bench.Harness.Load;

/// <summary>A gRPC server over HTTP/2 that sends each message back as it comes, and status 0 when the client has said all.</summary>
internal sealed class StreamPeer : PolledPeer, IHttp2Side
{
    private const int PrefaceLength = 24;

    private readonly Http2Frames _frames;
    private int _skip = PrefaceLength;

    public StreamPeer(Socket socket)
        : base(socket)
    {
        _frames = new Http2Frames(socket, this);
        _frames.Begin();
    }

    public override bool IsSending => _frames.IsSending;

    // :status 200, content-type application/grpc (RFC 7541, appendix A: 8 and 31).
    private static readonly byte[] Head = [0x88, 0x0F, 0x10, 16, .. "application/grpc"u8];

    // grpc-status 0, as a literal.
    private static readonly byte[] Trailers = [0x00, 11, .. "grpc-status"u8, 1, (byte)'0'];

    public override bool Serve()
    {
        try
        {
            return _frames.Go(ref _skip);
        }
        catch (InvalidDataException)
        {
            // Closed, which the generator sees and reports.
            return false;
        }
    }

    void IHttp2Side.OnHeaders(int stream, bool isEnd)
    {
        _frames.Headers(stream, Http2Frames.EndHeaders, Head);
        if (isEnd)
            End(stream);
    }

    void IHttp2Side.OnData(int stream, ReadOnlySpan<byte> bytes, bool isEnd)
    {
        if (bytes.Length > 0)
            _frames.Data(stream, 0, bytes);
        if (isEnd)
            End(stream);
    }

    private void End(int stream)
    {
        _frames.Headers(stream, Http2Frames.EndHeaders | Http2Frames.EndStream, Trailers);
        _frames.Forget(stream);
    }
}
