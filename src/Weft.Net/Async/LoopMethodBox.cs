using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Weft.Net;

/// <summary>What a suspended loop method waits in: its state machine, and its result when there is one.</summary>
internal abstract class LoopMethodBox<T> : LoopWait<T>
{
    private ExceptionDispatchInfo? _error;
    private T _result = default!;

    public void SetResult(T result)
    {
        _result = result;
        Complete();
    }

    public void SetException(Exception exception)
    {
        _error = ExceptionDispatchInfo.Capture(exception);
        Complete();
    }

    /// <summary>Forgets the state machine and makes the box available to the next call.</summary>
    protected abstract void Recycle();

    internal sealed override T TakeResult(short version)
    {
        EndWait(version);
        var result = _result;
        var error = _error;
        _result = default!;
        _error = null;
        Recycle();
        error?.Throw();
        return result;
    }

    /// <summary>The box of one particular method.</summary>
    internal sealed class Of<TStateMachine> : LoopMethodBox<T>
        where TStateMachine : IAsyncStateMachine
    {
        /// <summary>Boxes kept per method and thread; what exceeds it goes to the collector.</summary>
        private const int MaxKept = 4096;

        /// <summary>The topmost of this thread's free boxes.</summary>
        [ThreadStatic]
        private static Of<TStateMachine>? t_free;

        private TStateMachine _stateMachine = default!;

        // Of a free box: the one below it, and how many lie there with itself.
        private Of<TStateMachine>? _below;
        private int _depth;

        public ref TStateMachine StateMachine => ref _stateMachine;

        public static Of<TStateMachine> Rent()
        {
            ref var free = ref t_free;
            var box = free;
            if (box is null)
            {
                return new Of<TStateMachine>();
            }

            free = box._below;
            box._below = null;
            return box;
        }

        internal override void Resume() => _stateMachine.MoveNext();

        protected override void Recycle()
        {
            _stateMachine = default!;
            ref var free = ref t_free;
            var depth = free is null ? 1 : free._depth + 1;
            if (depth <= MaxKept)
            {
                _depth = depth;
                _below = free;
                free = this;
            }
        }
    }

    /// <summary>The box of a method that threw before it ever suspended.</summary>
    internal sealed class Faulted : LoopMethodBox<T>
    {
        internal override void Resume() { }

        protected override void Recycle() { }
    }
}
