using Weft.Naming;

namespace Weft.Discovery;

/// <summary>One look at a file or folder: which files there are, and which parts could not be looked at.</summary>
internal sealed class FolderScan
{
    private readonly FileWatchOptions _options;
    private readonly List<UnreadableFile> _unreadable = [];

    private FolderScan(FileWatchOptions options) => _options = options;

    public Dictionary<string, FileStamp> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Files and folders of which nothing is known in this scan.</summary>
    public IReadOnlyList<UnreadableFile> Unreadable => _unreadable;

    /// <summary>The folder behind a link; null for a single file.</summary>
    public string? RealRoot { get; private set; }

    /// <summary>Whether the path led to a folder, a file, or nothing.</summary>
    public RootKind Root { get; private set; }

    /// <summary>Whether the scan stopped at <see cref="FileWatchOptions.MaxFiles"/>.</summary>
    public bool IsCut { get; private set; }

    public static FolderScan Of(string path, FileWatchOptions options)
    {
        var scan = new FolderScan(options);
        if (Directory.Exists(path))
        {
            scan.Root = RootKind.Folder;
            scan.RealRoot = RealPath(path);
            scan.AddFolder(path, scan.RealRoot, "", depth: 0);
        }
        else
        {
            scan.AddFile(new FileInfo(path), System.IO.Path.GetFileName(path));
            scan.Root = scan.Files.Count > 0 || scan.Unreadable.Count > 0 ? RootKind.File : RootKind.Missing;
        }
        return scan;
    }

    /// <summary>Whether a file that the scan does not list may be there all the same.</summary>
    public bool MayHold(string name) =>
        IsCut
        || _unreadable.Exists(u =>
            u.Name.Length == 0
            || name == u.Name
            || (name.StartsWith(u.Name, StringComparison.Ordinal) && name[u.Name.Length] == '/')
        );

    private void AddFolder(string path, string real, string name, int depth)
    {
        try
        {
            foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos())
            {
                if (IsCut)
                {
                    return;
                }
                if (FileWatchOptions.IsIgnored(entry.Name))
                {
                    continue;
                }
                var entryName = name.Length == 0 ? entry.Name : $"{name}/{entry.Name}";
                if (entry is FileInfo file)
                {
                    if (_options.Accepts?.Invoke(entry.Name) ?? true)
                    {
                        AddFile(file, entryName);
                    }
                }
                else if (_options.Recursive)
                {
                    AddSubfolder(entry, real, entryName, depth + 1);
                }
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Report(name, path, $"the folder cannot be read: {error.Message.TrimEnd('.')}");
        }
    }

    private void AddSubfolder(FileSystemInfo folder, string realParent, string name, int depth)
    {
        if (depth > _options.MaxDepth)
        {
            Report(name, folder.FullName, $"there are more than {_options.MaxDepth} folders within one another");
            return;
        }
        var real = RealPath(folder.FullName);
        if (folder.LinkTarget is not null && (realParent + "/").StartsWith(real + "/", StringComparison.Ordinal))
        {
            Report(name, folder.FullName, "the link leads back to a folder that it is in", "remove it");
            return;
        }
        AddFolder(folder.FullName, real, name, depth);
    }

    private void AddFile(FileInfo file, string name)
    {
        try
        {
            if (FileStamp.Of(file) is not { } stamp)
            {
                return;
            }
            if (Files.Count < _options.MaxFiles)
            {
                Files[name] = stamp;
                return;
            }
            IsCut = true;
            _unreadable.Add(
                new UnreadableFile(
                    name,
                    new Problem(file.FullName, 0, 0, $"more than {_options.MaxFiles} files are not read")
                )
            );
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Report(name, file.FullName, $"the file cannot be read: {error.Message.TrimEnd('.')}");
        }
    }

    private void Report(string name, string path, string message, string? remedy = null) =>
        _unreadable.Add(new UnreadableFile(name, new Problem(path, 0, 0, message, remedy)));

    /// <summary>The path behind a link; for a link in a circle, the path itself, which then cannot be read.</summary>
    private static string RealPath(string path)
    {
        try
        {
            var info = new DirectoryInfo(path);
            return info.LinkTarget is null
                ? info.FullName
                : info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? info.FullName;
        }
        catch (IOException)
        {
            return path;
        }
    }
}

internal enum RootKind
{
    Missing,
    File,
    Folder,
}
