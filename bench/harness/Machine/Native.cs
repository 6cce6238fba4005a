using System.Runtime.InteropServices;

namespace Weft.Bench.Harness.Machine;

/// <summary>What the harness asks of Linux that .NET has no call for.</summary>
internal static unsafe partial class Native
{
    public const short PollIn = 1;
    public const short PollOut = 4;

    private const int SetTimerSlack = 29; // PR_SET_TIMERSLACK

    [StructLayout(LayoutKind.Sequential)]
    public struct PollFd
    {
        public int Fd;
        public short Events;
        public short Happened;
    }

    /// <summary>User and system time of all threads of a process, those that have ended too.</summary>
    public static long CpuNanoseconds(int process)
    {
        var time = stackalloc long[2];
        if (clock_getcpuclockid(process, out var clock) != 0 || clock_gettime(clock, time) != 0)
            throw new MeasurementException($"process {process} is gone");
        return (time[0] * 1_000_000_000) + time[1];
    }

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
    private static partial int clock_getcpuclockid(int process, out int clock);

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, long* time);

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
