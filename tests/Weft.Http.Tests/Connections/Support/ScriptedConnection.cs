using System.Net;
using Weft.Net;

namespace Weft.Http.Tests.Connections;

/// <summary>A connection without a socket: it takes as many bytes as the test allows, and counts what it is asked.</summary>
internal sealed class ScriptedConnection(EventLoop loop)
    : Connection(loop, new IPEndPoint(IPAddress.Loopback, 1), new IPEndPoint(IPAddress.Loopback, 2))
{
    private readonly Queue<byte[]> _incoming = new();
    private readonly LoopSignal<bool> _readable = new();
    private readonly LoopSignal<bool> _written = new();
    private readonly MemoryStream _sent = new();
    private ReadOnlyMemory<byte>[] _pending = [];

    /// <summary>How many bytes it takes before it says that it would block.</summary>
    public int Room { get; set; } = int.MaxValue;

    /// <summary>What it took.</summary>
    public string Sent => Wire.Text(_sent.ToArray());

    /// <summary>Questions that may each cost a system call.</summary>
    public int Reads { get; private set; }

    public int Writes { get; private set; }

    public int Probes { get; private set; }

    public override bool MayBeReadable => _incoming.Count > 0;

    public override bool HasArrived
    {
        get
        {
            Probes++;
            return _incoming.Count > 0;
        }
    }

    public void Receive(string text)
    {
        _incoming.Enqueue(Wire.Bytes(text));
        _readable.Complete(result: true);
    }

    /// <summary>Takes the rest of a write that waits.</summary>
    public void Drain()
    {
        Room = int.MaxValue;
        foreach (var piece in _pending)
        {
            _ = TryWrite(piece.Span);
        }

        _pending = [];
        _written.Complete(result: true);
    }

    public override int TryRead(Span<byte> buffer)
    {
        Assert.False(buffer.IsEmpty);
        Reads++;
        if (IsClosed)
        {
            return Broken;
        }

        if (!_incoming.TryPeek(out var next))
        {
            return WouldBlock;
        }

        Assert.True(next.Length <= buffer.Length, "The test's pieces are small.");
        next.CopyTo(buffer);
        _incoming.Dequeue();
        BytesIn += next.Length;
        return next.Length;
    }

    public override LoopTask<bool> ReadableAsync() =>
        IsClosed || _incoming.Count > 0 ? new LoopTask<bool>(!IsClosed) : _readable.Arm();

    public override void WakeReader() => _readable.Complete(result: true);

    public override int TryWrite(ReadOnlySpan<byte> data) => TryWrite(data, default, default);

    public override int TryWrite(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third)
    {
        Writes++;
        var total = Take(first) + Take(second) + Take(third);
        return total > 0 ? total : WouldBlock;
    }

    public override LoopTask<bool> WriteAsync(ReadOnlyMemory<byte> data) => WriteAsync(data, default);

    public override LoopTask<bool> WriteAsync(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        first = first[Take(first.Span)..];
        second = first.IsEmpty ? second[Take(second.Span)..] : second;
        if (first.IsEmpty && second.IsEmpty)
        {
            return new LoopTask<bool>(result: true);
        }

        _pending = [first, second];
        return _written.Arm();
    }

    public override void ShutdownWrite() { }

    public override void Close()
    {
        IsClosed = true;
        _readable.Complete(result: false);
        _written.Complete(result: false);
    }

    public override void Abort() => Close();

    private int Take(ReadOnlySpan<byte> data)
    {
        var taken = Math.Min(Room, data.Length);
        _sent.Write(data[..taken]);
        Room -= taken;
        BytesOut += taken;
        return taken;
    }
}
