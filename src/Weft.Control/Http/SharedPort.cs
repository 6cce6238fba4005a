using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace Weft.Control;

/// <summary>One half of a port: what speaks HTTP/1.1 there, or what speaks HTTP/2.</summary>
internal sealed class SharedEndPoint(bool isHttp2) : EndPoint
{
    public bool IsHttp2 => isHttp2;
}

/// <summary>
/// Lets HTTP/1.1 and HTTP/2 share one port without TLS. The server itself offers either there, since nothing is agreed on
/// before the first byte; but HTTP/2 begins with a preface that is no request of HTTP/1.1 (RFC 9113, 3.4), so the first
/// bytes tell. With TLS the handshake does, and this is not used.
/// </summary>
internal sealed class SharedPort(IPEndPoint address, IConnectionListenerFactory sockets, TimeProvider time)
    : IConnectionListenerFactory,
        IConnectionListenerFactorySelector
{
    /// <summary>Connections of either half that wait to be taken, and that have not said anything yet.</summary>
    private const int MaxWaiting = 1024;

    private static readonly TimeSpan FirstBytesWithin = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _binding = new(1, 1);
    private readonly Channel<ConnectionContext> _http1 = Channel.CreateBounded<ConnectionContext>(MaxWaiting);
    private readonly Channel<ConnectionContext> _http2 = Channel.CreateBounded<ConnectionContext>(MaxWaiting);
    private IConnectionListener? _listener;
    private int _undecided;

    /// <summary>Where it listens, once it does.</summary>
    public IPEndPoint Address => (IPEndPoint)_listener!.EndPoint;

    public bool CanBind(EndPoint endpoint) => endpoint is SharedEndPoint;

    public async ValueTask<IConnectionListener> BindAsync(
        EndPoint endpoint,
        CancellationToken cancellationToken = default
    )
    {
        await _binding.WaitAsync(cancellationToken);
        try
        {
            if (_listener is null)
            {
                _listener = await sockets.BindAsync(address, cancellationToken);
                // Not awaited: it ends when the listener does, and lets no error out.
                _ = AcceptAsync(_listener);
            }
        }
        finally
        {
            _binding.Release();
        }

        return new Half(endpoint, ((SharedEndPoint)endpoint).IsHttp2 ? _http2 : _http1, _listener);
    }

    private async Task AcceptAsync(IConnectionListener listener)
    {
        Exception? failure = null;
        try
        {
            while (await listener.AcceptAsync() is { } connection)
            {
                if (Interlocked.Increment(ref _undecided) > MaxWaiting)
                {
                    Interlocked.Decrement(ref _undecided);
                    connection.Abort(new ConnectionAbortedException("too many connections have said nothing yet"));
                    await connection.DisposeAsync();
                    continue;
                }

                // Not awaited: one that says nothing must not hold up the next. It lets no error out.
                _ = DecideAsync(connection);
            }
        }
        catch (Exception error)
        {
            failure = error; // The halves pass it on to the server.
        }

        _http1.Writer.TryComplete(failure);
        _http2.Writer.TryComplete(failure);
    }

    private async Task DecideAsync(ConnectionContext connection)
    {
        try
        {
            var isHttp2 = await SpeaksHttp2Async(connection).WaitAsync(FirstBytesWithin, time);
            if ((isHttp2 ? _http2 : _http1).Writer.TryWrite(connection))
            {
                return;
            }

            connection.Abort(new ConnectionAbortedException("too many connections are waiting"));
        }
        catch (Exception error)
        {
            connection.Abort(new ConnectionAbortedException("the connection said nothing that is understood", error));
        }
        finally
        {
            Interlocked.Decrement(ref _undecided);
        }

        await connection.DisposeAsync();
    }

    /// <summary>Looks at the first bytes and leaves them to be read.</summary>
    private static async Task<bool> SpeaksHttp2Async(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync();
            var preface = Preface(read.Buffer);
            if (preface is { } decided)
            {
                input.AdvanceTo(read.Buffer.Start);
                return decided;
            }

            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            if (read.IsCompleted)
            {
                throw new ConnectionResetException("closed before the first request");
            }
        }
    }

    /// <summary>Whether the bytes begin as HTTP/2 does; null while they might.</summary>
    private static bool? Preface(System.Buffers.ReadOnlySequence<byte> bytes)
    {
        var preface = "PRI "u8;
        Span<byte> first = stackalloc byte[(int)Math.Min(bytes.Length, preface.Length)];
        System.Buffers.BuffersExtensions.CopyTo(bytes.Slice(0, first.Length), first);
        if (!first.SequenceEqual(preface[..first.Length]))
        {
            return false;
        }

        return first.Length == preface.Length ? true : null;
    }

    private sealed class Half(EndPoint endpoint, Channel<ConnectionContext> connections, IConnectionListener listener)
        : IConnectionListener
    {
        public EndPoint EndPoint => endpoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
            await connections.Reader.WaitToReadAsync(cancellationToken)
            && connections.Reader.TryRead(out var connection)
                ? connection
                : null;

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) =>
            listener.UnbindAsync(cancellationToken);

        public ValueTask DisposeAsync() => listener.DisposeAsync();
    }
}
