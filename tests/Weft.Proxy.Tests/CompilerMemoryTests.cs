namespace Weft.Proxy.Tests;

public class CompilerMemoryTests
{
    private readonly VirtualTime _time = new();
    private readonly List<string> _done = [];
    private long _compiled;

    [Fact]
    public void memory_is_given_back_as_long_as_methods_are_compiled_and_for_four_passes_after_them()
    {
        using var memory = Watch();
        _compiled = 10;
        Look(times: 2);
        _compiled = 11;
        Look(times: 20);

        // Two looks with the first methods; the next one sees the last method, and three more follow.
        Assert.Equal(Enumerable.Repeat<string[]>(["pass", "trim"], 2 + 4).SelectMany(s => s), _done);
    }

    [Fact]
    public void nothing_is_done_where_nothing_was_compiled()
    {
        using var memory = Watch();
        Look(times: 5);

        Assert.Empty(_done);
    }

    [Fact]
    public void nothing_is_done_after_it_is_disposed()
    {
        var memory = Watch();
        _compiled = 1;
        memory.Dispose();
        Look(times: 5);

        Assert.Empty(_done);
    }

    [Fact]
    public void this_process_gives_memory_back_without_an_error()
    {
        using var memory = CompilerMemory.Watch(_time);
        Look(times: 1);
    }

    private CompilerMemory Watch() => new(_time, () => _compiled, () => _done.Add("pass"), () => _done.Add("trim"));

    private void Look(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _time.Advance(CompilerMemory.Period);
        }
    }
}
