using System.Collections.Concurrent;
using System.Net;
using Weft.Net;

namespace Weft.Http.Tests.Connections;

/// <summary>One loop for one test, under a clock that only the test moves. No exception may have reached it when it is disposed of.</summary>
internal sealed class TestLoop : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static readonly IPEndPoint AnyPort = new(IPAddress.Loopback, 0);

    public TestLoop(Transport transport) => Group = new LoopGroup(1, Time, Unhandled.Enqueue, transport);

    public VirtualTime Time { get; } = new();

    public LoopGroup Group { get; }

    public EventLoop Loop => Group.Loops[0];

    public ConcurrentQueue<Exception> Unhandled { get; } = new();

    /// <summary>Runs <paramref name="body"/> on the loop.</summary>
    public Task RunAsync(Func<EventLoop, Task> body) =>
        RunAsync(async loop =>
        {
            await body(loop);
            return true;
        });

    /// <summary>Runs <paramref name="body"/> on the loop and gives its result to the test's thread.</summary>
    public Task<T> RunAsync<T>(Func<EventLoop, Task<T>> body)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Loop.Post(_ => _ = DriveAsync(body, done));
        return done.Task.WaitAsync(Patience);
    }

    /// <summary>Asks the loop.</summary>
    public Task<T> AskAsync<T>(Func<T> question) => RunAsync(_ => Task.FromResult(question()));

    /// <summary>Asks the loop, turn after turn, until the answer is yes.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        var until =
            TimeProvider.System.GetTimestamp() + (long)(Patience.TotalSeconds * TimeProvider.System.TimestampFrequency);
        while (!await AskAsync(condition))
        {
            Assert.True(TimeProvider.System.GetTimestamp() < until, "What must happen did not happen.");
            await Task.Yield();
        }
    }

    /// <summary>Lets time pass, and what is due happen.</summary>
    public async Task AdvanceAsync(int milliseconds)
    {
        Time.Advance(milliseconds);
        // Timers are looked at behind what was posted, so that the second answer says that they have run.
        await AskAsync(() => true);
        await AskAsync(() => true);
    }

    public async ValueTask DisposeAsync()
    {
        await Group.StopAsync().WaitAsync(Patience);
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
