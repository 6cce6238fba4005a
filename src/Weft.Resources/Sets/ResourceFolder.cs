using Weft.Naming;

namespace Weft.Resources;

/// <summary>The files that hold documents: one file, or those of a folder.</summary>
public static class ResourceFolder
{
    /// <summary>Files in one folder.</summary>
    public const int MaxFiles = 10_000;

    /// <summary>Bytes of one file.</summary>
    public const long MaxFileBytes = 1024 * 1024;

    /// <summary>Whether a file of a folder holds documents: <c>*.yaml</c> and <c>*.yml</c>, unless hidden.</summary>
    public static bool Holds(string fileName)
    {
        var name = System.IO.Path.GetFileName(fileName.AsSpan());
        return !name.StartsWith('.')
            && (
                name.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase)
                || name.EndsWith(".yml", StringComparison.OrdinalIgnoreCase)
            );
    }

    /// <summary>
    /// Reads a file, or those of a folder in the order of their names; folders in it are not entered. What cannot be
    /// read is a problem, and the rest is given.
    /// </summary>
    public static (IReadOnlyList<(string File, string Text)> Texts, IReadOnlyList<Problem> Problems) Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var texts = new List<(string, string)>();
        var problems = new List<Problem>();
        foreach (var file in Files(path, problems))
        {
            try
            {
                var length = new FileInfo(file).Length;
                if (length > MaxFileBytes)
                {
                    problems.Add(
                        new Problem(
                            file,
                            0,
                            0,
                            $"the file has {length} bytes, more than the {MaxFileBytes} that are read",
                            "split it into several files"
                        )
                    );
                    continue;
                }
                texts.Add((file, File.ReadAllText(file)));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                problems.Add(new Problem(file, 0, 0, $"the file cannot be read: {error.Message.TrimEnd('.')}"));
            }
        }
        return (texts, problems);
    }

    private static string[] Files(string path, List<Problem> problems)
    {
        try
        {
            if (!Directory.Exists(path))
            {
                return [path];
            }
            var files = Directory.EnumerateFiles(path).Where(Holds).Take(MaxFiles + 1).ToArray();
            if (files.Length > MaxFiles)
            {
                problems.Add(
                    new Problem(path, 0, 0, $"the folder holds more than {MaxFiles} files", "put documents together")
                );
                return [];
            }
            Array.Sort(files, StringComparer.Ordinal);
            return files;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            problems.Add(new Problem(path, 0, 0, $"the folder cannot be read: {error.Message.TrimEnd('.')}"));
            return [];
        }
    }
}
