using System.Buffers.Binary;

namespace Weft.Discovery;

/// <summary>
/// One connection: the handshake, requests with their replies in order, pings, and notices of watches. It ends for good with the first error.
/// </summary>
internal sealed class ZooKeeperConnection : IAsyncDisposable
{
    /// <summary>A node holds 1 MiB at most; a list of children may be longer.</summary>
    private const int MaxFrame = 16 * 1024 * 1024;

    /// <summary>What is longer than <see cref="MaxFrame"/> is read over up to this, so that only who asked for it goes without; beyond it no reply can be.</summary>
    private const int MaxSkipped = 1024 * 1024 * 1024;

    private const int HeaderLength = 16;

    /// <summary>However short the ensemble wants a session to be, it is not pinged more often.</summary>
    private static readonly TimeSpan MinPing = TimeSpan.FromMilliseconds(100);

    private readonly Stream _stream;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _gate = new();
    private readonly Queue<(int Xid, TaskCompletionSource<byte[]> Reply)> _waiting = new();
    private Exception? _ended;
    private int _xid;
    private long _heardAt;

    private ZooKeeperConnection(Stream stream, TimeProvider time)
    {
        (_stream, _time) = (stream, time);
        _heardAt = time.GetTimestamp();
    }

    /// <summary>Told of every node whose watch was triggered.</summary>
    public Action<string>? Triggered { get; set; }

    public ZooKeeperSession Session { get; private set; }

    /// <summary>Shakes hands: begins a session, or goes on with one.</summary>
    /// <exception cref="SessionExpiredException">The ensemble does not know the session any more.</exception>
    public static async Task<ZooKeeperConnection> OpenAsync(
        Stream stream,
        ZooKeeperSession session,
        TimeSpan timeout,
        TimeProvider time,
        CancellationToken stop
    )
    {
        var connection = new ZooKeeperConnection(stream, time);
        var hello = new JuteWriter()
            .Int(0) // version of the protocol
            .Long(session.LastZxid)
            .Int((int)timeout.TotalMilliseconds)
            .Long(session.Id)
            .Buffer(session.Password.AsSpan())
            .Bool(true); // a read-only server will do
        await stream.WriteAsync(hello.ToArray(), stop);
        var (frame, _) = await connection.ReadFrameAsync(stop);
        connection.TakeHello(frame, session.LastZxid);
        return connection;
    }

    /// <summary>Sends a request and waits for its reply, without its header.</summary>
    /// <param name="operation">See <see cref="ZooKeeperOperation"/>.</param>
    /// <param name="path">Of which node.</param>
    /// <param name="stop">Ends the waiting, not the request.</param>
    /// <returns>The error's code and the rest of the reply.</returns>
    public async Task<(int Error, byte[] Reply)> AskAsync(int operation, string path, CancellationToken stop)
    {
        var reply = new TaskCompletionSource<byte[]>();
        await _writing.WaitAsync(stop);
        try
        {
            int xid;
            lock (_gate)
            {
                if (_ended is not null)
                {
                    throw new IOException("the connection has ended", _ended);
                }
                xid = _xid = (_xid + 1) & int.MaxValue;
                _waiting.Enqueue((xid, reply));
            }
            var request = new JuteWriter().Int(xid).Int(operation).Text(path).Bool(true);
            // Never given up halfway: whoever asks next writes on the same stream.
            await _stream.WriteAsync(request.ToArray(), CancellationToken.None);
        }
        finally
        {
            _writing.Release();
        }
        var frame = await reply.Task.WaitAsync(stop);
        return (BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(12)), frame[16..]);
    }

    /// <summary>Reads replies and notices, and pings, until the connection fails, which it throws, or until told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await using var stopping = stop.Register(Stop);
        var reading = ReadAsync(_end.Token);
        var pinging = PingAsync(_end.Token);
        var first = await Task.WhenAny(reading, pinging);
        End(first.Exception?.InnerException ?? new EndOfStreamException());
        Stop();
        // The other one ends because it was told to; that it failed then is no news.
        _ = Task.WhenAll(reading, pinging)
            .ContinueWith(
                both => both.Exception,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        stop.ThrowIfCancellationRequested();
        await first;
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        End(new ObjectDisposedException(nameof(ZooKeeperConnection)));
        await _stream.DisposeAsync();
    }

    private void Stop() => _end.Cancel();

    private void TakeHello(byte[] frame, long lastZxid)
    {
        var reader = new JuteReader(frame);
        reader.Int();
        var timeout = reader.Int();
        var id = reader.Long();
        var password = reader.Buffer();
        if (timeout <= 0 || id == 0)
        {
            throw new SessionExpiredException();
        }
        Session = new ZooKeeperSession(id, [.. password], TimeSpan.FromMilliseconds(timeout), lastZxid);
        _heardAt = _time.GetTimestamp();
    }

    private async Task ReadAsync(CancellationToken stop)
    {
        while (true)
        {
            var (frame, length) = await ReadFrameAsync(stop);
            Take(frame, length);
        }
    }

    /// <summary>Takes in a reply or a notice; of one that is too long, its header.</summary>
    private void Take(byte[] frame, int length)
    {
        Volatile.Write(ref _heardAt, _time.GetTimestamp());
        var reader = new JuteReader(frame);
        var xid = reader.Int();
        var zxid = reader.Long();
        reader.Int();
        if (xid == ZooKeeperXid.Ping)
        {
            return;
        }
        if (xid == ZooKeeperXid.Notification)
        {
            reader.Int();
            reader.Int();
            Triggered?.Invoke(reader.Text());
            return;
        }
        if (zxid > Session.LastZxid)
        {
            Session = Session with { LastZxid = zxid };
        }
        TaskCompletionSource<byte[]> reply;
        lock (_gate)
        {
            if (!_waiting.TryDequeue(out var first) || first.Xid != xid)
            {
                throw new BackendException("ZooKeeper replied to what was not asked");
            }
            reply = first.Reply;
        }
        if (length > MaxFrame)
        {
            reply.TrySetException(
                new BackendException($"a reply of ZooKeeper has {length} bytes, more than the {MaxFrame} that are read")
            );
        }
        else
        {
            reply.TrySetResult(frame);
        }
    }

    /// <summary>
    /// Pings every third of the session's time, and gives the connection up when nothing was heard for two thirds of it, so that
    /// there is time to go on with the session elsewhere.
    /// </summary>
    private async Task PingAsync(CancellationToken stop)
    {
        var third = Session.Timeout / 3 > MinPing ? Session.Timeout / 3 : MinPing;
        var ping = new JuteWriter().Int(ZooKeeperXid.Ping).Int(ZooKeeperOperation.Ping).ToArray();
        while (true)
        {
            await Task.Delay(third, _time, stop);
            if (_time.GetElapsedTime(Volatile.Read(ref _heardAt)) >= 2 * third)
            {
                throw new TimeoutException();
            }
            // A write that hangs is as good as silence.
            await _writing.WaitAsync(stop).WaitAsync(third, _time, stop);
            try
            {
                await _stream.WriteAsync(ping, stop).AsTask().WaitAsync(third, _time, stop);
            }
            finally
            {
                _writing.Release();
            }
        }
    }

    /// <summary>The next frame and its length; of one that is too long, only the header is kept.</summary>
    private async Task<(byte[] Frame, int Length)> ReadFrameAsync(CancellationToken stop)
    {
        var head = new byte[4];
        await _stream.ReadExactlyAsync(head, stop);
        var length = BinaryPrimitives.ReadInt32BigEndian(head);
        if (length is < HeaderLength or > MaxSkipped)
        {
            throw new BackendException($"a reply of ZooKeeper has {length} bytes, which cannot be");
        }
        var frame = new byte[length > MaxFrame ? HeaderLength : length];
        await _stream.ReadExactlyAsync(frame, stop);
        await SkipAsync(length - frame.Length, stop);
        return (frame, length);
    }

    private async Task SkipAsync(int bytes, CancellationToken stop)
    {
        var buffer = bytes > 0 ? new byte[64 * 1024] : [];
        while (bytes > 0)
        {
            var part = buffer.AsMemory(0, Math.Min(bytes, buffer.Length));
            await _stream.ReadExactlyAsync(part, stop);
            bytes -= part.Length;
            // It takes its time, and is no silence.
            Volatile.Write(ref _heardAt, _time.GetTimestamp());
        }
    }

    private void End(Exception error)
    {
        lock (_gate)
        {
            _ended ??= error;
            while (_waiting.TryDequeue(out var waiting))
            {
                waiting.Reply.TrySetException(new IOException("the connection has ended", error));
            }
        }
    }
}
