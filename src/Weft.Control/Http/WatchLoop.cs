using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Weft.Api.Documents;

namespace Weft.Control;

/// <summary>
/// Answers that go on for as long as somebody reads them: a line whenever something new can be said. What changed several
/// times while the reader was slow is said once.
/// </summary>
internal sealed class WatchLoop(TimeProvider time, CancellationToken stopping)
{
    /// <summary>Watches at one time; beyond it they are refused.</summary>
    public const int MaxWatches = 1024;

    /// <summary>How long nothing is written before an empty line shows that the watch lives.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly HashSet<Channel<bool>> _watches = [];

    /// <summary>Tells all watches to look again. Safe from any thread; waits for nobody.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            foreach (var watch in _watches)
            {
                watch.Writer.TryWrite(true);
            }
        }
    }

    /// <summary>Writes lines until the reader goes or the server stops.</summary>
    /// <param name="context">Whom to answer.</param>
    /// <param name="contentType">Of the answer.</param>
    /// <param name="next">The next line, without its end; null while there is nothing new.</param>
    public async Task RunAsync(HttpContext context, string contentType, Func<byte[]?> next)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var news = Open();
        try
        {
            context.Response.ContentType = contentType;
            context.Response.Headers.CacheControl = "no-store";
            while (true)
            {
                if (next() is { } line)
                {
                    await context.Response.Body.WriteAsync(line, ended.Token);
                    await EndLineAsync(context, ended.Token);
                }
                else if (!await WaitAsync(news, ended.Token))
                {
                    await EndLineAsync(context, ended.Token);
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The reader has gone, or the server stops: an end either way.
        }
        finally
        {
            lock (_gate)
            {
                _watches.Remove(news);
            }
        }
    }

    private Channel<bool> Open()
    {
        var news = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
        );
        lock (_gate)
        {
            if (_watches.Count >= MaxWatches)
            {
                throw new RefusedException(
                    503,
                    new ErrorInfo { Error = ErrorInfo.Unavailable, Message = $"there are {MaxWatches} watches already" }
                );
            }

            _watches.Add(news);
        }

        return news;
    }

    /// <summary>False when nothing came for a while.</summary>
    private async Task<bool> WaitAsync(Channel<bool> news, CancellationToken ended)
    {
        try
        {
            await news.Reader.WaitToReadAsync(ended).AsTask().WaitAsync(Heartbeat, time, ended);
            return news.Reader.TryRead(out _);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static async Task EndLineAsync(HttpContext context, CancellationToken ended)
    {
        await context.Response.Body.WriteAsync("\n"u8.ToArray(), ended);
        await context.Response.Body.FlushAsync(ended);
    }
}
