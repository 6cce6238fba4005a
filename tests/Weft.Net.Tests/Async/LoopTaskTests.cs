namespace Weft.Net.Tests.Async;

public sealed class LoopTaskTests
{
    private readonly LoopSignal<int> _signal = new();

    [Fact]
    public void A_method_that_never_suspends_gives_its_result_at_once()
    {
        var task = DoubleAsync(new LoopTask<int>(4));
        Assert.True(task.IsCompleted);
        Assert.Equal(8, task.Read());
        Assert.True(VoidAsync(new LoopTask<int>(1), []).IsCompleted);
    }

    [Fact]
    public void A_method_that_suspends_gives_its_result_when_resumed()
    {
        var task = DoubleAsync(_signal.Arm());
        Assert.False(task.IsCompleted);
        _signal.Complete(21);
        Assert.True(task.IsCompleted);
        Assert.Equal(42, task.Read());
    }

    [Fact]
    public void A_method_without_a_result_suspends_and_ends_too()
    {
        var log = new List<int>();
        var task = VoidAsync(_signal.Arm(), log);
        Assert.False(task.IsCompleted);
        _signal.Complete(5);
        Assert.Equal([5], log);
        task.Read();
    }

    [Fact]
    public void An_exception_before_the_first_suspension_is_thrown_by_the_await()
    {
        var task = DoubleAsync(new LoopTask<int>(-1));
        Assert.True(task.IsCompleted);
        Assert.Equal("negative", Assert.Throws<FormatException>(() => task.Read()).Message);
        var nothing = VoidAsync(new LoopTask<int>(-1), []);
        Assert.Throws<FormatException>(() => nothing.Read());
    }

    [Fact]
    public void An_exception_after_a_suspension_is_thrown_by_the_await()
    {
        var task = DoubleAsync(_signal.Arm());
        _signal.Complete(-1);
        Assert.True(task.IsCompleted);
        Assert.Throws<FormatException>(() => task.Read());
        var nothing = VoidAsync(_signal.Arm(), []);
        _signal.Complete(-1);
        Assert.Throws<FormatException>(() => nothing.Read());
    }

    [Fact]
    public void A_box_that_carried_an_exception_serves_the_next_call_without_it()
    {
        var failed = DoubleAsync(_signal.Arm());
        _signal.Complete(-1);
        Assert.Throws<FormatException>(() => failed.Read());
        var sound = DoubleAsync(_signal.Arm());
        _signal.Complete(1);
        Assert.Equal(2, sound.Read());
    }

    [Fact]
    public void Nested_methods_resume_from_the_innermost_outwards()
    {
        var task = SumAsync(_signal, 3);
        _signal.Complete(1);
        _signal.Complete(10);
        Assert.False(task.IsCompleted);
        _signal.Complete(100);
        Assert.Equal(222, task.Read());
    }

    [Fact]
    public void An_exception_passes_through_nested_methods_and_can_be_caught()
    {
        var task = CatchAsync(_signal);
        _signal.Complete(3);
        _signal.Complete(-1);
        Assert.Equal(-6, task.Read());
    }

    [Fact]
    public void Recursion_suspends_at_every_level()
    {
        var task = DepthAsync(_signal, 100);
        _signal.Complete(1);
        Assert.Equal(101, task.Read());
    }

    [Fact]
    public void A_method_that_calls_itself_while_it_ends_gets_a_box_of_its_own()
    {
        // The continuation of the first call starts a second call on the same stack, before the first has returned.
        var second = new LoopSignal<int>();
        var chain = ChainAsync(_signal, second);
        _signal.Complete(1);
        second.Complete(2);
        Assert.Equal(6, chain.Read());
    }

    [Fact]
    public void A_result_that_was_read_cannot_be_read_again()
    {
        var task = DoubleAsync(_signal.Arm());
        _signal.Complete(1);
        _ = task.Read();
        _ = DoubleAsync(_signal.Arm()); // Has the same box now.
        _signal.Complete(2);
        Assert.Throws<InvalidOperationException>(() => task.IsCompleted);
        Assert.Throws<InvalidOperationException>(() => task.Read());
    }

    private static async LoopTask<int> DoubleAsync(LoopTask<int> value)
    {
        var got = await value;
        return got < 0 ? throw new FormatException("negative") : got * 2;
    }

    private static async LoopTask VoidAsync(LoopTask<int> value, List<int> log)
    {
        var got = await value;
        log.Add(got < 0 ? throw new FormatException("negative") : got);
    }

    private static async LoopTask<int> SumAsync(LoopSignal<int> signal, int count)
    {
        var sum = 0;
        for (var i = 0; i < count; i++)
        {
            sum += await DoubleAsync(signal.Arm());
        }

        return sum;
    }

    private static async LoopTask<int> CatchAsync(LoopSignal<int> signal)
    {
        var sum = 0;
        try
        {
            sum = await SumAsync(signal, 1);
            return await SumAsync(signal, 1);
        }
        catch (FormatException)
        {
            return -sum;
        }
    }

    private static async LoopTask<int> DepthAsync(LoopSignal<int> signal, int depth) =>
        depth == 0 ? await signal.Arm() : 1 + await DepthAsync(signal, depth - 1);

    private static async LoopTask<int> ChainAsync(LoopSignal<int> first, LoopSignal<int> second) =>
        await DoubleAsync(first.Arm()) + await DoubleAsync(second.Arm());
}
