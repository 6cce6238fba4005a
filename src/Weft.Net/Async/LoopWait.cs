using System.Runtime.CompilerServices;

namespace Weft.Net;

/// <summary>
/// What a <see cref="LoopTask{T}"/> stands for until its result is there: used for one wait after the other, each with a number of its own, so that a task which outlived
/// its wait is found out.
/// </summary>
/// <remarks>Not thread-safe by design: waiting, completing and reading happen on one event loop.</remarks>
/// <typeparam name="T">The result.</typeparam>
public abstract class LoopWait<T> : LoopWaiter
{
    // A LoopWaiter or, of those who are none, an Action.
    private object? _waiter;
    private short _version;

    private protected LoopWait() { }

    /// <summary>The number of the present wait.</summary>
    internal short Version => _version;

    /// <summary>The result is there and was not read yet.</summary>
    private protected bool IsCompleted { get; private set; }

    /// <summary>Whether the result is there.</summary>
    /// <exception cref="InvalidOperationException">It was read: the wait is over.</exception>
    internal bool IsCompletedIn(short version) =>
        version == _version
            ? IsCompleted
            : throw new InvalidOperationException("A wait on a loop was looked at after its result had been read.");

    /// <summary>Resumes <paramref name="waiter"/> when the result is there: inside the call that brings it, or at once.</summary>
    /// <param name="waiter">A <see cref="LoopWaiter"/> or an <see cref="Action"/>; one per wait.</param>
    internal void Suspend(object waiter)
    {
        if (IsCompleted)
        {
            Run(waiter);
        }
        else
        {
            _waiter = waiter;
        }
    }

    /// <summary>Reads the result, once, and ends the wait; throws what the method threw.</summary>
    /// <exception cref="InvalidOperationException">It was read before, or is not there.</exception>
    internal abstract T TakeResult(short version);

    /// <summary>The result is there: who waits for it runs before this returns.</summary>
    private protected void Complete()
    {
        IsCompleted = true;
        if (_waiter is { } waiter)
        {
            _waiter = null;
            Run(waiter);
        }
    }

    /// <summary>Ends the wait whose result is about to be read.</summary>
    private protected void EndWait(short version)
    {
        // A second reader would take the result of whoever waits here by now.
        if (version != _version || !IsCompleted)
        {
            throw new InvalidOperationException(
                "The result of a wait on a loop was read twice, or before it was there."
            );
        }

        IsCompleted = false;
        _version++;
    }

    private static void Run(object waiter)
    {
        if (waiter is Action action)
        {
            action();
        }
        else
        {
            // One of the two: the check that a cast makes shows in profiles.
            Unsafe.As<LoopWaiter>(waiter).Resume();
        }
    }
}
