namespace Weft.EndToEnd.Harness;

/// <summary>A folder that goes away with the test; or with the test run, when the test could not even be set up.</summary>
internal sealed class TempFolder : IDisposable
{
    private static readonly string Run = Directory.CreateTempSubdirectory("weft-e2e-").FullName;

    private static int s_count;

    static TempFolder() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(Run, recursive: true);

    public string Path { get; } =
        Directory.CreateDirectory(System.IO.Path.Combine(Run, $"{Interlocked.Increment(ref s_count)}")).FullName;

    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Replaces the file in one step: written beside, then renamed over. Returns its path.</summary>
    public string Write(string name, string text)
    {
        var path = In(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        // A leading full stop: not a service to the file namer, not a document to the resource loader.
        var beside = System.IO.Path.Combine(
            System.IO.Path.GetDirectoryName(path)!,
            $".{System.IO.Path.GetFileName(path)}.new"
        );
        File.WriteAllText(beside, text);
        File.Move(beside, path, overwrite: true);
        return path;
    }

    /// <summary>Rewrites the file in place, as editors and shells do: a reader may see it empty or half written.</summary>
    public string WriteInPlace(string name, string text)
    {
        var path = In(name);
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        using var writer = new StreamWriter(file) { AutoFlush = true };
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            writer.Write(line);
            writer.Write('\n');
        }
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
