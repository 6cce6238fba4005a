using System.Collections.Concurrent;
using System.Net;

namespace Weft.Net.Tests;

/// <summary>Loops for one test. Disposing stops them and fails the test when an exception reached a loop that was not expected.</summary>
internal sealed class TestLoops : IAsyncDisposable
{
    /// <summary>How long a test waits for what must happen.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);

    public TestLoops(Transport transport, int count = 1) =>
        Group = new LoopGroup(count, TimeProvider.System, Unhandled.Enqueue, transport);

    public LoopGroup Group { get; }

    public EventLoop Loop => Group.Loops[0];

    /// <summary>What reached a loop. A test that expects something takes it out.</summary>
    public ConcurrentQueue<Exception> Unhandled { get; } = new();

    /// <summary>Runs <paramref name="body"/> on the first loop.</summary>
    public async Task RunAsync(Func<EventLoop, Task> body) =>
        await RunAsync(async loop =>
        {
            await body(loop);
            return true;
        });

    /// <summary>Runs <paramref name="body"/> on the first loop and gives its result to the test's thread.</summary>
    public Task<T> RunAsync<T>(Func<EventLoop, Task<T>> body)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Loop.Post(_ => _ = DriveAsync(body, done));
        return WithinPatience(done.Task);
    }

    public static Task<T> WithinPatience<T>(Task<T> task) => task.WaitAsync(Patience, TimeProvider.System);

    public static Task WithinPatience(Task task) => task.WaitAsync(Patience, TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await WithinPatience(Group.StopAsync());
        Assert.Empty(Unhandled);
    }

    private async Task DriveAsync<T>(Func<EventLoop, Task<T>> body, TaskCompletionSource<T> done)
    {
        try
        {
            done.SetResult(await body(Loop));
        }
        catch (Exception e)
        {
            done.SetException(e);
        }
    }
}
