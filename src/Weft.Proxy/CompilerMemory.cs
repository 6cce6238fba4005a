using System.Runtime;

namespace Weft.Proxy;

/// <summary>
/// Has the memory given back that the runtime's compiler keeps from the methods it compiled last. The runtime lets go of it in passes of its
/// finalizer thread, two seconds apart at least, and that thread runs after collections: in a proxy that allocates next to nothing, hardly
/// ever. A few MiB would stay for good after the hot methods were compiled.
/// </summary>
internal sealed class CompilerMemory : IDisposable
{
    /// <summary>Between two looks at what was compiled.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2.1);

    // What is kept is marked by one pass and freed by the next; one more for what was compiled while they ran, and one because the very first
    // pass of a process only starts the runtime's clock.
    private const int Passes = 4;

    private readonly Func<long> _compiled;
    private readonly Action _pass;
    private readonly Action _trim;
    private readonly ITimer _timer;
    private long _seen;
    private int _due;

    /// <summary>Looks from now on until it is disposed.</summary>
    /// <param name="time">The clock of the passes.</param>
    /// <param name="compiled">How many methods were compiled in all.</param>
    /// <param name="pass">Has the finalizer thread run once.</param>
    /// <param name="trim">Has the C library give free memory back to the system.</param>
    internal CompilerMemory(TimeProvider time, Func<long> compiled, Action pass, Action trim)
    {
        (_compiled, _pass, _trim) = (compiled, pass, trim);
        // Set off by hand after each look, so that a slow one is never overtaken by the next.
        _timer = time.CreateTimer(_ => Look(), null, Period, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Looks after this process.</summary>
    public static CompilerMemory Watch(TimeProvider time) =>
        new(time, () => JitInfo.GetCompiledMethodCount(), GC.WaitForPendingFinalizers, NativeHeap.Trim);

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var compiled = _compiled();
        if (compiled != _seen)
        {
            _seen = compiled;
            _due = Passes;
        }

        // Not only once all is quiet: under steady traffic one method or another grows hot for minutes.
        if (_due > 0)
        {
            _due--;
            _pass();
            _trim();
        }

        _timer.Change(Period, Timeout.InfiniteTimeSpan);
    }
}
