using System.Diagnostics;

namespace Weft.Proxy.Tests;

/// <summary>Waits for conditions that other threads bring about, and which nothing tells of: the one place where these tests poll.</summary>
internal static class Eventually
{
    /// <summary>Longer than anything here takes on a loaded machine.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <summary>Looks until it holds.</summary>
    public static Task HoldsAsync(Func<bool> condition, string what) =>
        HoldsAsync(() => Task.FromResult(condition()), what);

    /// <summary>Looks until it holds.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Limit, $"did not come about: {what}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Waits for something that must come.</summary>
    public static async Task<T> WithinLimit<T>(this Task<T> task) =>
        await task.WaitAsync(Limit, TestContext.Current.CancellationToken);

    /// <summary>Waits for something that must come.</summary>
    public static async Task WithinLimit(this Task task) =>
        await task.WaitAsync(Limit, TestContext.Current.CancellationToken);
}
