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

        /// <summary>The place of this method's boxes among a thread's.</summary>
        private static readonly int s_place = FreeBoxes.NextPlace();

        private TStateMachine _stateMachine = default!;

        // Of a free box: the one below it, and how many lie there with itself.
        private Of<TStateMachine>? _below;
        private int _depth;

        public ref TStateMachine StateMachine => ref _stateMachine;

        public static Of<TStateMachine> Rent()
        {
            ref var top = ref FreeBoxes.Top(s_place);
            if (top is null)
            {
                return new Of<TStateMachine>();
            }

            // Nothing else lies in this place: the check that a cast makes shows in profiles.
            var box = Unsafe.As<Of<TStateMachine>>(top);
            top = box._below;
            box._below = null;
            return box;
        }

        internal override void Resume() => _stateMachine.MoveNext();

        protected override void Recycle()
        {
            _stateMachine = default!;
            ref var top = ref FreeBoxes.Top(s_place);
            var below = Unsafe.As<Of<TStateMachine>?>(top);
            var depth = below is null ? 1 : below._depth + 1;
            if (depth <= MaxKept)
            {
                _depth = depth;
                _below = below;
                top = this;
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
