using System.Globalization;

namespace Weft.Control;

/// <summary>
/// The store's folder. Each file begins with a whole state and goes on with the commits after it; a newer file takes over
/// whole, by being renamed once it is on disk. One process holds the folder.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string Extension = ".weftlog";

    private readonly string _root;
    private readonly FileStream _lock;

    private DataFolder(string root, FileStream held)
    {
        _root = root;
        _lock = held;
    }

    /// <summary>Takes the folder for this process; it is made if it is not there.</summary>
    /// <exception cref="StoreException">It cannot be used, or another process does.</exception>
    public static DataFolder Open(string root)
    {
        try
        {
            Directory.CreateDirectory(root);
            var name = System.IO.Path.Combine(root, "lock");
            var held = new FileStream(name, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new DataFolder(System.IO.Path.GetFullPath(root), held);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(
                $"{root}: cannot be used, or another control plane uses it: {error.Message.TrimEnd('.')}",
                error
            );
        }
    }

    /// <summary>The store's files by number, the latest first.</summary>
    public IEnumerable<(long Number, string File)> Files() =>
        Directory
            .EnumerateFiles(_root, "*" + Extension)
            .Select(f => (Number: NumberOf(f), File: f))
            .Where(f => f.Number > 0)
            .OrderByDescending(f => f.Number);

    public string NameOf(long number) =>
        System.IO.Path.Combine(_root, number.ToString("D12", CultureInfo.InvariantCulture) + Extension);

    /// <summary>A name that is no file of the store yet, for one that is being written.</summary>
    public string TemporaryNameOf(long number) => NameOf(number) + ".tmp";

    /// <summary>Makes a written file one of the store's, for good.</summary>
    public void Admit(long number)
    {
        File.Move(TemporaryNameOf(number), NameOf(number), overwrite: true);
        FolderFlush.Flush(_root);
    }

    /// <summary>Removes the files before a number.</summary>
    public void RemoveBefore(long number)
    {
        foreach (var (_, file) in Files().Where(f => f.Number < number).ToArray())
        {
            File.Delete(file);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static long NumberOf(string file) =>
        long.TryParse(
            System.IO.Path.GetFileNameWithoutExtension(file),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : 0;
}
