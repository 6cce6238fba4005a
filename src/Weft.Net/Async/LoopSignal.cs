using System.Threading.Tasks.Sources;

namespace Weft.Net;

/// <summary>
/// A reusable awaitable for one waiter on one event loop. It completes inline, where <see cref="Complete"/> is called,
/// and allocates nothing: no execution context, no scheduler, no thread hop.
/// </summary>
/// <remarks>
/// Not thread-safe by design: arming, completing and awaiting happen on the owner loop. At most one wait at a time;
/// a second <see cref="Arm"/> before the first was awaited to its end is a defect of the caller and throws.
/// </remarks>
public sealed class LoopSignal<T> : IValueTaskSource<T>
{
    private enum State : byte
    {
        Idle,
        Armed,
        Completed,
    }

    private Action<object?>? _continuation;
    private object? _continuationState;
    private T _result = default!;
    private short _version;
    private State _state;

    /// <summary>True between <see cref="Arm"/> and <see cref="Complete"/>.</summary>
    public bool IsArmed => _state == State.Armed;

    /// <summary>Begins a wait.</summary>
    /// <exception cref="InvalidOperationException">A wait is under way already.</exception>
    public ValueTask<T> Arm()
    {
        if (_state != State.Idle)
        {
            throw new InvalidOperationException("A second wait was started while the first one is under way.");
        }

        _state = State.Armed;
        return new ValueTask<T>(this, _version);
    }

    /// <summary>Ends the wait and runs the waiter before it returns. Does nothing when no wait is under way.</summary>
    public void Complete(T result)
    {
        if (_state != State.Armed)
        {
            return;
        }

        _result = result;
        _state = State.Completed;
        var continuation = _continuation;
        if (continuation is not null)
        {
            var state = _continuationState;
            _continuation = null;
            _continuationState = null;
            continuation(state);
        }
    }

    T IValueTaskSource<T>.GetResult(short token)
    {
        if (token != _version || _state != State.Completed)
        {
            throw new InvalidOperationException("A wait was read twice, or before it had ended.");
        }

        var result = _result;
        _result = default!;
        _state = State.Idle;
        _version++;
        return result;
    }

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) =>
        token != _version ? throw new InvalidOperationException("A wait was awaited after it had been read.")
        : _state == State.Completed ? ValueTaskSourceStatus.Succeeded
        : ValueTaskSourceStatus.Pending;

    void IValueTaskSource<T>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    )
    {
        if (_state == State.Completed)
        {
            continuation(state);
            return;
        }

        _continuation = continuation;
        _continuationState = state;
    }
}
