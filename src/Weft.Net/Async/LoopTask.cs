using System.Runtime.CompilerServices;

namespace Weft.Net;

/// <summary>
/// What a method on an event loop promises: a result that is there already, or one that is waited for on the same loop. To be awaited exactly once. Costs
/// less than <see cref="ValueTask{TResult}"/>: it is one kind of thing, where that one is three, and who waits is resumed without a delegate.
/// </summary>
/// <remarks>
/// An <c>async LoopTask&lt;T&gt;</c> method that suspends takes its memory from a stack that belongs to the thread and gives it back when the result was read
/// (<see cref="LoopTaskMethodBuilder{T}"/>). Execution context does not flow: nothing on a loop uses it.
/// </remarks>
/// <typeparam name="T">The result.</typeparam>
[AsyncMethodBuilder(typeof(LoopTaskMethodBuilder<>))]
public readonly struct LoopTask<T>
{
    private readonly LoopWait<T>? _wait;
    private readonly T _result;
    private readonly short _version;

    /// <summary>One whose result is there.</summary>
    public LoopTask(T result)
    {
        _result = result;
    }

    internal LoopTask(LoopWait<T> wait)
    {
        _wait = wait;
        _version = wait.Version;
        _result = default!;
    }

    /// <summary>Whether an await would not suspend.</summary>
    public bool IsCompleted => _wait is null || _wait.IsCompletedIn(_version);

    public LoopAwaiter<T> GetAwaiter() => new(_wait, _result, _version);

    /// <summary>The same as a <see cref="Task{TResult}"/>, for who is not on the loop; it counts as the one await.</summary>
    public async Task<T> AsTask() => await this;
}

/// <summary>The same without a result.</summary>
[AsyncMethodBuilder(typeof(LoopTaskMethodBuilder))]
public readonly struct LoopTask
{
    private readonly LoopWait<bool>? _wait;
    private readonly short _version;

    internal LoopTask(LoopWait<bool> wait)
    {
        _wait = wait;
        _version = wait.Version;
    }

    /// <summary>One that has ended in good order.</summary>
    public static LoopTask Completed => default;

    /// <summary>Whether an await would not suspend.</summary>
    public bool IsCompleted => _wait is null || _wait.IsCompletedIn(_version);

    /// <summary>One that has failed: its await throws.</summary>
    public static LoopTask FromException(Exception exception)
    {
        var failed = new LoopMethodBox<bool>.Faulted();
        failed.SetException(exception);
        return new LoopTask(failed);
    }

    public LoopAwaiter GetAwaiter() => new(_wait, _version);

    /// <summary>The same as a <see cref="Task"/>, for who is not on the loop; it counts as the one await.</summary>
    public async Task AsTask() => await this;
}
