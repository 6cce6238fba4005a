using System.Text;

namespace Weft.Discovery.Tests;

/// <summary>A stream whose other end a test holds: what it pushes is read at once, what was written is kept.</summary>
internal sealed class ScriptedStream : Stream
{
    private byte[] _pushed = [];
    private bool _isEnded;
    private Exception? _error;
    private (Memory<byte> Buffer, TaskCompletionSource<int> Read)? _reader;

    /// <summary>Called after every write, with all bytes since the last call.</summary>
    public Action<byte[]>? OnWrite { get; set; }

    public bool IsDisposed { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Push(string text) => Push(Encoding.UTF8.GetBytes(text));

    public void Push(params byte[] bytes)
    {
        _pushed = [.. _pushed, .. bytes];
        Serve();
    }

    public void End()
    {
        _isEnded = true;
        Serve();
    }

    public void Break(Exception error)
    {
        _error = error;
        Serve();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = new TaskCompletionSource<int>();
        cancellationToken.Register(() => read.TrySetCanceled(cancellationToken));
        _reader = (buffer, read);
        Serve();
        return new ValueTask<int>(read.Task);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_error is not null || IsDisposed)
        {
            throw _error ?? new ObjectDisposedException(nameof(ScriptedStream));
        }
        OnWrite?.Invoke(buffer.ToArray());
        return ValueTask.CompletedTask;
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        base.Dispose(disposing);
    }

    private void Serve()
    {
        if (_reader is not { } reader)
        {
            return;
        }
        if (_pushed.Length > 0)
        {
            var count = Math.Min(_pushed.Length, reader.Buffer.Length);
            _pushed.AsSpan(0, count).CopyTo(reader.Buffer.Span);
            _pushed = _pushed[count..];
            _reader = null;
            reader.Read.TrySetResult(count);
        }
        else if (_error is not null)
        {
            _reader = null;
            reader.Read.TrySetException(_error);
        }
        else if (_isEnded)
        {
            _reader = null;
            reader.Read.TrySetResult(0);
        }
    }
}
