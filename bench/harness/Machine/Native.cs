using System.Runtime.InteropServices;

namespace Weft.Bench.Harness.Machine;

/// <summary>What the harness asks of Linux that .NET has no call for.</summary>
internal static unsafe partial class Native
{
    public const short PollIn = 1;
    public const short PollOut = 4;

    private const int SetTimerSlack = 29; // PR_SET_TIMERSLACK
    private const int ClockTicks = 2; // _SC_CLK_TCK

    [StructLayout(LayoutKind.Sequential)]
    public struct PollFd
    {
        public int Fd;
        public short Events;
        public short Happened;
    }

    /// <summary>Clock ticks per second, the unit of CPU time in <c>/proc</c>.</summary>
    public static long TicksPerSecond { get; } = sysconf(ClockTicks);

    /// <summary>Keeps the calling thread on one core and lets its timed waits end on time.</summary>
    public static void PinThread(int core)
    {
        var mask = 1UL << core;
        if (sched_setaffinity(0, sizeof(ulong), &mask) != 0)
            throw Failure("sched_setaffinity");
        if (prctl(SetTimerSlack, 1, 0, 0, 0) != 0)
            throw Failure("prctl");
    }

    /// <summary>Waits until one of the descriptors is ready for what it is watched for, or for so many nanoseconds.</summary>
    public static void Wait(Span<PollFd> descriptors, long nanoseconds)
    {
        var timeout = stackalloc long[2] { nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000 };
        fixed (PollFd* first = descriptors)
        {
            if (ppoll(first, (nuint)descriptors.Length, timeout, null) < 0 && Marshal.GetLastPInvokeError() != 4)
                throw Failure("ppoll");
        }
    }

    public static void Signal(int process, int signal) => _ = kill(process, signal);

    private static InvalidOperationException Failure(string call) =>
        new($"{call} failed: errno {Marshal.GetLastPInvokeError()}");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ppoll(PollFd* fds, nuint count, long* timeout, void* mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sched_setaffinity(int thread, nuint size, ulong* mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc")]
    private static partial long sysconf(int name);

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
