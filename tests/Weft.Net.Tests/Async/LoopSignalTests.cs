namespace Weft.Net.Tests.Async;

public sealed class LoopSignalTests
{
    private readonly LoopSignal<int> _signal = new();

    [Fact]
    public void The_waiter_runs_inside_Complete()
    {
        var seen = 0;
        var waiting = WaitAsync(_signal, v => seen = v);
        Assert.True(_signal.IsArmed);
        Assert.Equal(0, seen);
        _signal.Complete(7);
        Assert.Equal(7, seen);
        Assert.True(waiting.IsCompletedSuccessfully);
    }

    [Fact]
    public void Completed_before_the_await_the_waiter_does_not_suspend()
    {
        var wait = _signal.Arm();
        _signal.Complete(3);
        Assert.False(_signal.IsArmed);
        Assert.True(wait.IsCompleted);
        Assert.Equal(3, wait.Read());
    }

    [Fact]
    public void Complete_without_a_wait_is_not_remembered()
    {
        _signal.Complete(1);
        var wait = _signal.Arm();
        Assert.False(wait.IsCompleted);
        _signal.Complete(2);
        Assert.Equal(2, wait.Read());
    }

    [Fact]
    public void The_first_completion_counts()
    {
        var wait = _signal.Arm();
        _signal.Complete(1);
        _signal.Complete(2);
        Assert.Equal(1, wait.Read());
    }

    [Fact]
    public void A_second_wait_beside_the_first_is_refused()
    {
        var wait = _signal.Arm();
        Assert.Throws<InvalidOperationException>(() => _signal.Arm());
        _signal.Complete(1);
        Assert.Throws<InvalidOperationException>(() => _signal.Arm());
        _ = wait.Read();
        Assert.False(_signal.Arm().IsCompleted);
    }

    [Fact]
    public void A_waiter_may_wait_again_at_once()
    {
        var seen = new List<int>();
        var waiting = CollectAsync(_signal, seen, 3);
        for (var i = 1; i <= 3; i++)
        {
            _signal.Complete(i);
        }

        Assert.Equal([1, 2, 3], seen);
        Assert.True(waiting.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_wait_that_was_read_cannot_be_awaited_again()
    {
        var wait = _signal.Arm();
        _signal.Complete(1);
        _ = wait.Read();
        _ = _signal.Arm();
        Assert.Throws<InvalidOperationException>(() => wait.IsCompleted);
        Assert.Throws<InvalidOperationException>(() => wait.Read());
    }

    private static async Task WaitAsync(LoopSignal<int> signal, Action<int> then) => then(await signal.Arm());

    private static async Task CollectAsync(LoopSignal<int> signal, List<int> seen, int count)
    {
        for (var i = 0; i < count; i++)
        {
            seen.Add(await signal.Arm());
        }
    }
}
