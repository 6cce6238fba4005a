namespace Weft.Bench.Harness.Machine;

/// <summary>One temporary folder for everything that the run writes; it goes away with the run.</summary>
internal static class Scratch
{
    private static readonly Lazy<string> Root = new(() => Directory.CreateTempSubdirectory("weft-bench-").FullName);

    private static int s_folders;

    public static string NewFolder(string name) =>
        Directory.CreateDirectory(Path.Combine(Root.Value, $"{name}-{Interlocked.Increment(ref s_folders)}")).FullName;

    public static void Delete()
    {
        if (Root.IsValueCreated)
            Directory.Delete(Root.Value, recursive: true);
    }
}
