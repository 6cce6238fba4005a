using System.Runtime.CompilerServices;

#pragma warning disable CA1822 // The compiler calls these members on an instance.

namespace Weft.Net;

/// <summary>
/// Builder for <c>async LoopTask&lt;T&gt;</c> methods: one that suspends takes its state machine's box from a stack that belongs to the thread and gives it back
/// when the result was read.
/// </summary>
/// <remarks>
/// The runtime's own pooling builder keeps one box per thread and core, so that with sixty-four requests in flight nearly
/// every suspension allocates. Here the stack is as deep as the concurrency was, up to a bound.
/// </remarks>
public struct LoopTaskMethodBuilder<T>
{
    private LoopMethodBox<T>? _box;
    private T _result;

    public static LoopTaskMethodBuilder<T> Create() => default;

    public readonly LoopTask<T> Task => _box is null ? new LoopTask<T>(_result) : new LoopTask<T>(_box);

    public void SetResult(T result)
    {
        if (_box is null)
        {
            _result = result;
        }
        else
        {
            _box.SetResult(result);
        }
    }

    public void SetException(Exception exception)
    {
        // Failing before the first suspension is no hot path: a failed box serves as the task.
        _box ??= new LoopMethodBox<T>.Faulted();
        _box.SetException(exception);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine) { }

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => awaiter.OnCompleted(BoxOf(ref stateMachine).Resume);

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine
    {
        var box = BoxOf(ref stateMachine);
        // The compiler knows of each awaiter that is a struct which of the two it is, and makes no box for the call.
        if (default(TAwaiter) is not null && awaiter is ILoopAwaiter)
        {
            ((ILoopAwaiter)awaiter).Suspend(box);
        }
        else
        {
            awaiter.UnsafeOnCompleted(box.Resume);
        }
    }

    internal readonly LoopMethodBox<T>? Box => _box;

    private LoopMethodBox<T> BoxOf<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine
    {
        if (_box is not null)
        {
            return _box;
        }

        var box = LoopMethodBox<T>.Of<TStateMachine>.Rent();
        // This builder lives inside the state machine: the field must be set before the machine is copied.
        _box = box;
        box.StateMachine = stateMachine;
        return box;
    }
}

/// <summary>The same for <c>async LoopTask</c> methods.</summary>
public struct LoopTaskMethodBuilder
{
    private LoopTaskMethodBuilder<bool> _builder;

    public static LoopTaskMethodBuilder Create() => default;

    public readonly LoopTask Task => _builder.Box is { } box ? new LoopTask(box) : default;

    public void SetResult() => _builder.SetResult(true);

    public void SetException(Exception exception) => _builder.SetException(exception);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine) { }

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine => _builder.AwaitOnCompleted(ref awaiter, ref stateMachine);

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine => _builder.AwaitUnsafeOnCompleted(ref awaiter, ref stateMachine);
}
