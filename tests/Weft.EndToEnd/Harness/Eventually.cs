using System.Diagnostics;

namespace Weft.EndToEnd.Harness;

/// <summary>
/// Waits for a condition, never for a time: the one place where tests poll. What does not come true before the deadline fails
/// the test and says what was waited for.
/// </summary>
internal static class Eventually
{
    /// <summary>Far beyond what anything here should take, so that reaching it means that it will never happen.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    /// <param name="what">Completes the sentence "it never happened that ...".</param>
    public static Task Is(Func<Task<bool>> condition, string what, TimeSpan? deadline = null) =>
        Is(condition, () => what, deadline);

    /// <param name="what">The same, asked for when it did not happen.</param>
    public static async Task Is(Func<Task<bool>> condition, Func<string> what, TimeSpan? deadline = null)
    {
        var limit = deadline ?? Deadline;
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > limit)
                throw new TimeoutException($"within {limit.TotalSeconds:0.##} s it never happened that {what()}");
            await Task.Delay(Interval);
        }
    }

    public static Task Is(Func<bool> condition, string what, TimeSpan? deadline = null) =>
        Is(() => Task.FromResult(condition()), what, deadline);

    /// <summary>Awaits one operation with the deadline: <paramref name="what"/> completes "it did not ...".</summary>
    public static async Task<T> Within<T>(
        Func<CancellationToken, ValueTask<T>> operation,
        Func<string> what,
        TimeSpan? deadline = null
    )
    {
        var limit = deadline ?? Deadline;
        using var source = new CancellationTokenSource(limit);
        try
        {
            return await operation(source.Token);
        }
        catch (OperationCanceledException e) when (source.IsCancellationRequested)
        {
            throw new TimeoutException($"within {limit.TotalSeconds:0.##} s it did not {what()}", e);
        }
    }
}
