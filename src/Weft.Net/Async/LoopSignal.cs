namespace Weft.Net;

/// <summary>
/// A reusable wait for one waiter on one event loop. It completes inline, where <see cref="Complete(T)"/> is called,
/// and allocates nothing: no execution context, no scheduler, no thread hop.
/// </summary>
/// <remarks>
/// Not thread-safe by design: arming, completing and awaiting happen on the owner loop. At most one wait at a time;
/// a second <see cref="Arm"/> before the first was awaited to its end is a defect of the caller and throws.
/// </remarks>
public sealed class LoopSignal<T> : LoopWait<T>
{
    private T _result = default!;

    /// <summary>True between <see cref="Arm"/> and <see cref="Complete(T)"/>.</summary>
    public bool IsArmed { get; private set; }

    /// <summary>Begins a wait.</summary>
    /// <exception cref="InvalidOperationException">A wait is under way already.</exception>
    public LoopTask<T> Arm()
    {
        if (IsArmed || IsCompleted)
        {
            throw new InvalidOperationException("A second wait was started while the first one is under way.");
        }

        IsArmed = true;
        return new LoopTask<T>(this);
    }

    /// <summary>Ends the wait and runs the waiter before it returns. Does nothing when no wait is under way.</summary>
    public void Complete(T result)
    {
        if (IsArmed)
        {
            IsArmed = false;
            _result = result;
            Complete();
        }
    }

    internal override T TakeResult(short version)
    {
        EndWait(version);
        var result = _result;
        _result = default!;
        return result;
    }

    /// <summary>Never called: a signal waits for nothing.</summary>
    internal override void Resume() { }
}
