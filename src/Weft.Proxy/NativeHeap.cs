using System.Runtime.InteropServices;

namespace Weft.Proxy;

/// <summary>
/// The C library's heap, in which the runtime and its compiler keep what is not managed. GNU's is made for programs whose threads allocate all the time: it gives each thread
/// an arena of its own, and learns from large pieces that were freed to keep the next ones. Here it is the compiler, once in a while.
/// </summary>
internal static class NativeHeap
{
    // mallopt(3).
    private const int ArenaMax = -8;
    private const int MmapThreshold = -3;

    private const int Arenas = 2;

    /// <summary>What the compiler takes at once.</summary>
    private const int CompilerPieceBytes = 64 * 1024;

    /// <summary>Lets threads share arenas, and pieces as large as the compiler's go straight back to the system when they are freed.</summary>
    public static void Restrain() =>
        Try(() =>
        {
            _ = SetOption(ArenaMax, Arenas);
            _ = SetOption(MmapThreshold, CompilerPieceBytes);
        });

    /// <summary>Gives back what is free at the top of each arena and within it (malloc_trim(3)).</summary>
    public static void Trim() => Try(() => _ = TrimAll(0));

    private static void Try(Action call)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            call();
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library than GNU's: it has its own way.
        }
    }

    [DllImport("libc", EntryPoint = "mallopt")]
    private static extern int SetOption(int option, int value);

    [DllImport("libc", EntryPoint = "malloc_trim")]
    private static extern int TrimAll(nuint pad);
}
