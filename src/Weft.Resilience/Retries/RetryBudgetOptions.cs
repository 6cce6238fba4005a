namespace Weft.Resilience;

/// <summary>How many extra attempts all requests of a service may make together.</summary>
public sealed record RetryBudgetOptions
{
    public static readonly RetryBudgetOptions Default = new();

    /// <summary>Extra attempts per request of the window, 0 to 1000; kept to a millionth.</summary>
    public double Ratio { get; init; } = 0.2;

    /// <summary>How far back requests and extra attempts count; 1 ms to a day.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Extra attempts per second that are there without any request, so that a quiet service may retry at all.</summary>
    public int MinPerSecond { get; init; } = 10;
}
