using System.Globalization;

namespace Weft.EndToEnd.Harness;

/// <summary>
/// A file system of a few megabytes (tmpfs), which a test can fill. Needs root; the test is skipped where nothing can be mounted.
/// </summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private const int NoSpaceLeft = 28;

    private static readonly string Prefix = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "weft-disk-");
    private static readonly Lazy<Task> Cleared = new(RemoveLeftovers);
    private static int s_count;

    private SmallDisk() { }

    /// <summary>A folder on it.</summary>
    public string Path => System.IO.Path.Combine(Root, "data");

    private string Root { get; } = $"{Prefix}{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}";

    private string Ballast => System.IO.Path.Combine(Root, "ballast");

    public static async Task<SmallDisk> Mount(int megabytes)
    {
        if (!OperatingSystem.IsLinux())
            Tool.IsMissing("only Linux has tmpfs");
        await Cleared.Value;
        var disk = new SmallDisk();
        Directory.CreateDirectory(disk.Root);
        var (code, _, errors) = await ChildProcess.Run(
            Tool.Require("mount"),
            ["-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m"), "weft", disk.Root]
        );
        if (code != 0)
        {
            Directory.Delete(disk.Root);
            Tool.IsMissing($"nothing can be mounted here, which takes root: {errors}");
        }
        Directory.CreateDirectory(disk.Path);
        return disk;
    }

    /// <summary>Uses up all that is free.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var bytes = new byte[1 << 20];
        // The last bytes go one page at a time.
        for (var size = bytes.Length; size >= Environment.SystemPageSize; )
        {
            try
            {
                file.Write(bytes, 0, size);
            }
            catch (IOException e) when ((e.HResult & 0xFFFF) == NoSpaceLeft)
            {
                size /= 2;
            }
        }
    }

    /// <summary>Gives all of that back.</summary>
    public void MakeRoom() => File.Delete(Ballast);

    /// <summary>To be called after everything that uses it has ended.</summary>
    public async ValueTask DisposeAsync() => await Remove(Root);

    private static async Task Remove(string root)
    {
        await Tool.Run("umount", "--lazy", root);
        Directory.Delete(root);
    }

    /// <summary>Those of test runs that were killed.</summary>
    private static async Task RemoveLeftovers()
    {
        foreach (var line in await File.ReadAllLinesAsync("/proc/mounts"))
        {
            var root = line.Split(' ')[1];
            if (root.StartsWith(Prefix, StringComparison.Ordinal) && TestRun.HasEnded(root[Prefix.Length..]))
                await Remove(root);
        }
    }
}
