using System.Runtime.InteropServices;

namespace Weft.Net.Tests;

/// <summary>The process's limit on descriptor numbers (RLIMIT_NOFILE), lowered until this is disposed of. Linux only.</summary>
internal sealed class DescriptorLimit : IDisposable
{
    private const int NoFile = 7;

    private readonly Limit _old;

    public DescriptorLimit(int limit)
    {
        Assert.Equal(0, GetLimit(NoFile, out _old));
        Assert.Equal(0, SetLimit(NoFile, new Limit { Soft = (nuint)limit, Hard = _old.Hard }));
    }

    public void Dispose() => Assert.Equal(0, SetLimit(NoFile, _old));

    [DllImport("libc", EntryPoint = "getrlimit")]
    private static extern int GetLimit(int resource, out Limit limit);

    [DllImport("libc", EntryPoint = "setrlimit")]
    private static extern int SetLimit(int resource, in Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public nuint Soft;
        public nuint Hard;
    }
}
