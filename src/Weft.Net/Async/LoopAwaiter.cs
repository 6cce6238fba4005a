using System.Runtime.CompilerServices;

namespace Weft.Net;

/// <summary>What an <c>await</c> of a <see cref="LoopTask{T}"/> works with.</summary>
public readonly struct LoopAwaiter<T> : ICriticalNotifyCompletion, ILoopAwaiter
{
    private readonly LoopWait<T>? _wait;
    private readonly T _result;
    private readonly short _version;

    internal LoopAwaiter(LoopWait<T>? wait, T result, short version)
    {
        _wait = wait;
        _result = result;
        _version = version;
    }

    public bool IsCompleted => _wait is null || _wait.IsCompletedIn(_version);

    public T GetResult() => _wait is null ? _result : _wait.TakeResult(_version);

    public void OnCompleted(Action continuation) => Suspend(continuation);

    public void UnsafeOnCompleted(Action continuation) => Suspend(continuation);

    void ILoopAwaiter.Suspend(LoopWaiter waiter) => Suspend(waiter);

    private void Suspend(object waiter)
    {
        if (_wait is null)
        {
            throw new InvalidOperationException("A result that is there is not waited for.");
        }

        _wait.Suspend(waiter);
    }
}

/// <summary>The same for a <see cref="LoopTask"/>.</summary>
public readonly struct LoopAwaiter : ICriticalNotifyCompletion, ILoopAwaiter
{
    private readonly LoopAwaiter<bool> _awaiter;

    internal LoopAwaiter(LoopWait<bool>? wait, short version)
    {
        _awaiter = new LoopAwaiter<bool>(wait, result: true, version);
    }

    public bool IsCompleted => _awaiter.IsCompleted;

    public void GetResult() => _awaiter.GetResult();

    public void OnCompleted(Action continuation) => _awaiter.OnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation) => _awaiter.UnsafeOnCompleted(continuation);

    void ILoopAwaiter.Suspend(LoopWaiter waiter) => Suspend(_awaiter, waiter);

    private static void Suspend<TAwaiter>(TAwaiter awaiter, LoopWaiter waiter)
        where TAwaiter : struct, ILoopAwaiter => awaiter.Suspend(waiter);
}

/// <summary>An awaiter that takes a suspended loop method as it is, without a delegate to it.</summary>
internal interface ILoopAwaiter
{
    void Suspend(LoopWaiter waiter);
}
