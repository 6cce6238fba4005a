using System.Diagnostics;

namespace Weft.Cli.Demo;

/// <summary>
/// Ends this process when its parent is gone, however that came about: the parent holds the other end of standard input, and the system
/// closes it.
/// </summary>
internal static class ParentWatch
{
    public static void Begin()
    {
        var watch = new Thread(static () => WaitForEnd(Console.OpenStandardInput()))
        {
            IsBackground = true,
            Name = "parent watch",
        };
        watch.Start();
    }

    private static void WaitForEnd(Stream input)
    {
        Span<byte> nothing = stackalloc byte[64];
        while (input.Read(nothing) > 0)
        {
            // Nobody has anything to say here.
        }

        // At once: nobody is left for whom an orderly end would be worth its time.
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
