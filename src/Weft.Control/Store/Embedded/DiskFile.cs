namespace Weft.Control;

/// <summary>A file on disk.</summary>
internal sealed class DiskFile : IAppendFile
{
    private readonly FileStream _stream;

    private DiskFile(string path) =>
        _stream = new FileStream(
            path,
            new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.Read,
                // What was written is in the system's hands at once.
                BufferSize = 0,
            }
        );

    public long Length => _stream.Length;

    public static IAppendFile Open(string path) => new DiskFile(path);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _stream.Seek(0, SeekOrigin.End);
        _stream.Write(bytes);
    }

    public void Flush() => _stream.Flush(flushToDisk: true);

    public void Cut(long length) => _stream.SetLength(length);

    public void Dispose() => _stream.Dispose();
}
