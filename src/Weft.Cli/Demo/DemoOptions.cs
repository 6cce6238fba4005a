namespace Weft.Cli.Demo;

/// <summary>What the demo was asked for.</summary>
/// <param name="Duration">It ends within this, whatever happens.</param>
/// <param name="Keep">The shop stays open after the story, until it is interrupted.</param>
internal sealed record DemoOptions(TimeSpan Duration, bool Keep)
{
    public const int DefaultSeconds = 40;
    public const int MinSeconds = 8;
    public const int MaxSeconds = 600;

    /// <summary>Requests per second of all visitors together.</summary>
    public const double Rate = 200;

    /// <summary>Requests under way at once, at most.</summary>
    public const int Visitors = 16;
}
