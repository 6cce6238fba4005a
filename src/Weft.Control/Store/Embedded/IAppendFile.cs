namespace Weft.Control;

/// <summary>A file that grows at its end. The seam that lets a test fill the disk.</summary>
internal interface IAppendFile : IDisposable
{
    long Length { get; }

    /// <summary>Writes at the end.</summary>
    /// <exception cref="IOException">Nothing or a part was written.</exception>
    void Append(ReadOnlySpan<byte> bytes);

    /// <summary>Returns when all that was appended is on the disk itself.</summary>
    /// <exception cref="IOException">It is not known what is.</exception>
    void Flush();

    /// <summary>Takes away what lies beyond a length.</summary>
    /// <exception cref="IOException">It could not be cut.</exception>
    void Cut(long length);
}

/// <summary>How the store makes its files.</summary>
internal delegate IAppendFile OpenAppendFile(string path);
