using Microsoft.Win32.SafeHandles;

namespace Weft.Discovery;

/// <summary>What a file held when it was read.</summary>
internal readonly record struct FileContent(byte[] Bytes, UInt128 Hash)
{
    /// <summary>Reads a whole file.</summary>
    /// <exception cref="IOException">It cannot be read, or holds more than <paramref name="maxBytes"/>.</exception>
    public static FileContent Read(string path, FileStamp stamp, int maxBytes)
    {
        // A pipe has the size 0 as well, and opening one would wait for a writer: so what is empty is not opened.
        var bytes = stamp.Size == 0 ? [] : ReadBytes(path, maxBytes);
        return new FileContent(bytes, ContentHash.Of(bytes));
    }

    private static byte[] ReadBytes(string path, int maxBytes)
    {
        using var file = File.OpenHandle(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            FileOptions.SequentialScan
        );
        var length = RandomAccess.GetLength(file);
        if (length > maxBytes)
        {
            throw new IOException($"it has {length} bytes, more than the {maxBytes} that are read");
        }
        var bytes = new byte[length];
        var read = Fill(file, bytes);
        return read == bytes.Length ? bytes : bytes[..read];
    }

    private static int Fill(SafeFileHandle file, byte[] bytes)
    {
        var filled = 0;
        while (filled < bytes.Length)
        {
            var read = RandomAccess.Read(file, bytes.AsSpan(filled), filled);
            if (read == 0)
            {
                break;
            }
            filled += read;
        }
        return filled;
    }
}
