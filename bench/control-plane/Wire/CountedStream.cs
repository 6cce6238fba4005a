using System.Net.Http;
using System.Net.Sockets;

namespace Weft.Bench.ControlPlane.Wire;

/// <summary>A proxy's connection whose bytes are counted.</summary>
internal sealed class CountedStream : Stream
{
    private readonly NetworkStream _inner;
    private readonly WireCount _count;
    private readonly FrameMeter _in = new(preface: 0);
    private readonly FrameMeter _out = new(FrameMeter.ClientPreface);
    private volatile bool _hasHeard;

    private CountedStream(NetworkStream inner, WireCount count) => (_inner, _count) = (inner, count);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Connects as <see cref="SocketsHttpHandler"/> does.</summary>
    public static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context,
        WireCount count,
        CancellationToken stop
    )
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, stop);
            return new CountedStream(new NetworkStream(socket, ownsSocket: true), count);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _inner.ReadAsync(buffer, cancellationToken);
        var messages = _in.Take(buffer.Span[..read]);
        _hasHeard |= messages > 0;
        _count.OnReceived(read, messages);
        return read;
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        // What was heard until now may be answered by this; what is heard from now on cannot.
        var hasHeard = _hasHeard;
        await _inner.WriteAsync(buffer, cancellationToken);
        if (_out.Take(buffer.Span) > 0)
        {
            _count.OnSaid(hasHeard);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => _inner.FlushAsync(cancellationToken);

    public override void Flush() => _inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
