namespace Weft.Discovery;

/// <summary>
/// What tells one state of a file from another without reading it. A file that is replaced by a rename may keep size
/// and modification time; its time of birth and, behind a link, its real path do not stay the same.
/// </summary>
internal readonly record struct FileStamp(long Modified, long Size, long Born, string? Target)
{
    /// <summary>Null when there is no file (any more), or a link to nothing.</summary>
    /// <exception cref="IOException">A link leads in a circle, or the file system fails.</exception>
    public static FileStamp? Of(string path) => Of(new FileInfo(path));

    /// <summary>Of a file that was found in a folder: what was learnt of it on the way is not asked again.</summary>
    /// <exception cref="IOException">A link leads in a circle, or the file system fails.</exception>
    public static FileStamp? Of(FileInfo info)
    {
        string? target = null;
        if (info.Attributes.HasFlag(FileAttributes.ReparsePoint) && info.LinkTarget is not null)
        {
            target = info.ResolveLinkTarget(returnFinalTarget: true)?.FullName;
            info = new FileInfo(target ?? info.FullName);
        }
        return info.Exists
            ? new FileStamp(info.LastWriteTimeUtc.Ticks, info.Length, info.CreationTimeUtc.Ticks, target)
            : null;
    }
}
