using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace Weft.Net;

/// <summary>What a suspended loop method waits in: its state machine, its result, and the one who awaits it.</summary>
internal abstract class LoopMethodBox<TResult> : IValueTaskSource<TResult>, IValueTaskSource
{
    private Action<object?>? _continuation;
    private object? _continuationState;
    private ExceptionDispatchInfo? _error;
    private TResult _result = default!;
    private bool _completed;
    private short _version;

    protected LoopMethodBox() => MoveNext = Resume;

    /// <summary>Resumes the state machine; one delegate for the life of the box.</summary>
    public Action MoveNext { get; }

    public ValueTask<TResult> Task => new(this, _version);

    /// <summary>The same wait, its result left unread.</summary>
    public ValueTask VoidTask => new(this, _version);

    public void SetResult(TResult result)
    {
        _result = result;
        Finish();
    }

    public void SetException(Exception exception)
    {
        _error = ExceptionDispatchInfo.Capture(exception);
        Finish();
    }

    /// <summary>Continues the state machine.</summary>
    protected abstract void Resume();

    /// <summary>Forgets the state machine and makes the box available to the next call.</summary>
    protected abstract void Recycle();

    TResult IValueTaskSource<TResult>.GetResult(short token) => TakeResult(token);

    void IValueTaskSource.GetResult(short token) => TakeResult(token);

    ValueTaskSourceStatus IValueTaskSource<TResult>.GetStatus(short token) => StatusOf(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => StatusOf(token);

    void IValueTaskSource<TResult>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => Continue(continuation, state);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => Continue(continuation, state);

    private ValueTaskSourceStatus StatusOf(short token) =>
        token != _version
            ? throw new InvalidOperationException("A loop method was awaited after its result had been read.")
        : !_completed ? ValueTaskSourceStatus.Pending
        : _error is null ? ValueTaskSourceStatus.Succeeded
        : ValueTaskSourceStatus.Faulted;

    private void Continue(Action<object?> continuation, object? state)
    {
        if (_completed)
        {
            continuation(state);
            return;
        }

        _continuation = continuation;
        _continuationState = state;
    }

    private void Finish()
    {
        _completed = true;
        if (_continuation is { } continuation)
        {
            var state = _continuationState;
            _continuation = null;
            _continuationState = null;
            continuation(state);
        }
    }

    private TResult TakeResult(short token)
    {
        // A second reader would take the result of whoever has the box by now.
        if (token != _version || !_completed)
        {
            throw new InvalidOperationException("The result of a loop method was read twice, or before it was there.");
        }

        var result = _result;
        var error = _error;
        _result = default!;
        _error = null;
        _completed = false;
        _version++;
        Recycle();
        error?.Throw();
        return result;
    }

    /// <summary>The box of one particular method.</summary>
    internal sealed class Of<TStateMachine> : LoopMethodBox<TResult>
        where TStateMachine : IAsyncStateMachine
    {
        /// <summary>Boxes kept per method and thread; what exceeds it goes to the collector.</summary>
        private const int MaxKept = 4096;

        [ThreadStatic]
        private static Stack<Of<TStateMachine>>? t_free;

        private TStateMachine _stateMachine = default!;

        public ref TStateMachine StateMachine => ref _stateMachine;

        public static Of<TStateMachine> Rent() =>
            t_free is { } free && free.TryPop(out var box) ? box : new Of<TStateMachine>();

        protected override void Resume() => _stateMachine.MoveNext();

        protected override void Recycle()
        {
            _stateMachine = default!;
            var free = t_free ??= new Stack<Of<TStateMachine>>();
            if (free.Count < MaxKept)
            {
                free.Push(this);
            }
        }
    }

    /// <summary>The box of a method that threw before it ever suspended.</summary>
    internal sealed class Faulted : LoopMethodBox<TResult>
    {
        protected override void Resume() { }

        protected override void Recycle() { }
    }
}
