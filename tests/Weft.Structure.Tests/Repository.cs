namespace Weft.Structure.Tests;

/// <summary>The working tree that these tests were built from: where it is, and which files belong to it.</summary>
internal static class Repository
{
    private static readonly string[] GeneratedFolders =
    [
        ".git",
        ".artifacts",
        ".vs",
        ".idea",
        "bin",
        "obj",
        "node_modules",
        "BenchmarkDotNet.Artifacts",
    ];

    /// <summary>The folder that holds <c>Weft.slnx</c>, found upward from the test program.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every file that a person wrote, as a path relative to <see cref="Root"/> with forward slashes.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Walk(Root).Order(StringComparer.Ordinal)];

    public static IEnumerable<string> FilesIn(string folder, string extension) =>
        Files.Where(f =>
            f.StartsWith(folder + "/", StringComparison.Ordinal) && f.EndsWith(extension, StringComparison.Ordinal)
        );

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static string[] ReadLines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    public static bool Exists(string path)
    {
        var full = Path.Combine(Root, path);
        return File.Exists(full) || Directory.Exists(full);
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Weft.slnx")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"no Weft.slnx above {AppContext.BaseDirectory}");
    }

    private static IEnumerable<string> Walk(string folder)
    {
        // In a linked work tree .git is a file, and it names a place on this machine.
        foreach (var file in Directory.EnumerateFiles(folder).Where(f => Path.GetFileName(f) is not ".git"))
            yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        foreach (var child in Directory.EnumerateDirectories(folder))
        {
            var name = Path.GetFileName(child);
            if (GeneratedFolders.Contains(name) || Path.GetRelativePath(Root, child) is "bench/out")
                continue;
            foreach (var file in Walk(child))
                yield return file;
        }
    }
}
