using System.Diagnostics;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Weft.Bench.Overload;

/// <summary>
/// A service with a bounded number of workers, each of which takes the same time for every request, first come first served. Like most, it takes
/// whatever comes, and does the work of callers who have gone away meanwhile.
/// </summary>
internal sealed class WorkerUpstream : IAsyncDisposable
{
    // Far more than a test offers while its callers still wait.
    private const int MaxBacklog = 100_000;

    private readonly Channel<TaskCompletionSource> _work = Channel.CreateBounded<TaskCompletionSource>(MaxBacklog);
    private readonly WebApplication _app;
    private readonly Task[] _workers;
    private long _busy;
    private int _done;

    private WorkerUpstream(int workers, TimeSpan service)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(ServeAsync);
        _workers = [.. Enumerable.Range(0, workers).Select(_ => WorkAsync(service))];
    }

    public IPEndPoint Address => IPEndPoint.Parse(new Uri(_app.Urls.Single()).Authority);

    /// <summary>Requests that were worked on.</summary>
    public int Done => Volatile.Read(ref _done);

    /// <summary>Requests per second that the workers get done, by how long they really take: timers are late on a busy machine.</summary>
    public double Capacity => _workers.Length * Done / TimeSpan.FromTicks(Volatile.Read(ref _busy)).TotalSeconds;

    public static async Task<WorkerUpstream> StartAsync(int workers, TimeSpan service)
    {
        var upstream = new WorkerUpstream(workers, service);
        await upstream._app.StartAsync();
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        _work.Writer.Complete();
        await Task.WhenAll(_workers);
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _work.Writer.WriteAsync(turn);
        await turn.Task;
        context.Response.ContentLength = 5;
        await context.Response.WriteAsync("done\n");
    }

    private async Task WorkAsync(TimeSpan service)
    {
        await foreach (var turn in _work.Reader.ReadAllAsync())
        {
            var began = Stopwatch.GetTimestamp();
            await Task.Delay(service); // This is the work.
            Interlocked.Add(ref _busy, Stopwatch.GetElapsedTime(began).Ticks);
            Interlocked.Increment(ref _done);
            turn.SetResult();
        }
    }
}
