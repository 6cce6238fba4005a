namespace Weft.Control.Tests.Store;

/// <summary>A disk that fails on demand. What it keeps is in real files.</summary>
internal sealed class FakeDisk
{
    /// <summary>Bytes that may still be written; a write beyond it leaves what fitted, as a full disk does.</summary>
    public long Free { get; set; } = long.MaxValue;

    public bool FailsToFlush { get; set; }

    public bool FailsToCut { get; set; }

    /// <summary>Bytes written since the last flush, over all files.</summary>
    public long Unflushed { get; private set; }

    public IAppendFile Open(string path) => new File(this, DiskFile.Open(path));

    private sealed class File(FakeDisk disk, IAppendFile file) : IAppendFile
    {
        public long Length => file.Length;

        public void Append(ReadOnlySpan<byte> bytes)
        {
            var fits = (int)Math.Min(disk.Free, bytes.Length);
            file.Append(bytes[..fits]);
            disk.Free -= fits;
            disk.Unflushed += fits;
            if (fits < bytes.Length)
            {
                throw new IOException("No space left on device");
            }
        }

        public void Flush()
        {
            if (disk.FailsToFlush)
            {
                throw new IOException("Input/output error");
            }

            file.Flush();
            disk.Unflushed = 0;
        }

        public void Cut(long length)
        {
            if (disk.FailsToCut)
            {
                throw new IOException("Input/output error");
            }

            file.Cut(length);
        }

        public void Dispose() => file.Dispose();
    }
}
