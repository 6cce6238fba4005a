using System.Runtime.CompilerServices;

#pragma warning disable CA1822 // The compiler calls these members on an instance.

namespace Weft.Net;

/// <summary>
/// Builder for <c>async ValueTask&lt;T&gt;</c> methods that run on an event loop: a method that suspends takes its
/// state machine's box from a stack that belongs to the thread and gives it back when the result was read.
/// </summary>
/// <remarks>
/// The runtime's own pooling builder keeps one box per thread and core, so that with sixty-four requests in flight nearly
/// every suspension allocates. Here the stack is as deep as the concurrency was, up to a bound. The result must be
/// awaited exactly once, on the loop that started the method. Execution context does not flow: nothing on a loop uses it.
/// </remarks>
public struct LoopAsyncMethodBuilder<TResult>
{
    private LoopMethodBox<TResult>? _box;
    private TResult _result;

    public static LoopAsyncMethodBuilder<TResult> Create() => default;

    public readonly ValueTask<TResult> Task => _box is null ? new ValueTask<TResult>(_result) : _box.Task;

    public void SetResult(TResult result)
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
        _box ??= new LoopMethodBox<TResult>.Faulted();
        _box.SetException(exception);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Start<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => stateMachine.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine stateMachine) { }

    public void AwaitOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine
    {
        awaiter.OnCompleted(BoxOf(ref stateMachine).MoveNext);
    }

    public void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine
    {
        awaiter.UnsafeOnCompleted(BoxOf(ref stateMachine).MoveNext);
    }

    internal readonly LoopMethodBox<TResult>? Box => _box;

    private LoopMethodBox<TResult> BoxOf<TStateMachine>(ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine
    {
        if (_box is not null)
        {
            return _box;
        }

        var box = LoopMethodBox<TResult>.Of<TStateMachine>.Rent();
        // This builder lives inside the state machine: the field must be set before the machine is copied.
        _box = box;
        box.StateMachine = stateMachine;
        return box;
    }
}

/// <summary>The same for <c>async ValueTask</c> methods.</summary>
public struct LoopAsyncMethodBuilder
{
    private LoopAsyncMethodBuilder<bool> _builder;

    public static LoopAsyncMethodBuilder Create() => default;

    public readonly ValueTask Task => _builder.Box is { } box ? box.VoidTask : default;

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
