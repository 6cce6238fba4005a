namespace Weft.Discovery;

/// <summary>Reads a stream of JSON documents, one a line, as backends send changes.</summary>
internal sealed class LineReader(Stream stream, int maxBytes)
{
    private byte[] _buffer = new byte[8 * 1024];
    private int _start;
    private int _end;

    /// <summary>The next line without its end; null when the stream has ended. Holds until the next call.</summary>
    /// <exception cref="BackendException">A line is longer than the bound.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(CancellationToken stop)
    {
        var searched = 0;
        while (true)
        {
            var newline = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                var line = _buffer.AsMemory(_start, searched + newline);
                _start += searched + newline + 1;
                return line;
            }
            searched = _end - _start;
            MakeRoom();
            var count = await stream.ReadAsync(_buffer.AsMemory(_end), stop);
            if (count == 0)
            {
                ReadOnlyMemory<byte>? rest = _buffer.AsMemory(_start, searched);
                _start = _end;
                // Said with its type: the compiler would take a bare null for an empty piece of memory.
                return searched == 0 ? default(ReadOnlyMemory<byte>?) : rest;
            }
            _end += count;
        }
    }

    private void MakeRoom()
    {
        var length = _end - _start;
        if (_start > 0)
        {
            _buffer.AsSpan(_start, length).CopyTo(_buffer);
            (_start, _end) = (0, length);
        }
        if (_end < _buffer.Length)
        {
            return;
        }
        if (_buffer.Length >= maxBytes)
        {
            throw new BackendException($"an answer is larger than {maxBytes} bytes");
        }
        Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, maxBytes));
    }
}
