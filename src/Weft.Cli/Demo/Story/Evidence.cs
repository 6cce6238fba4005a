namespace Weft.Cli.Demo;

/// <summary>How many requests a step judges by.</summary>
/// <param name="Minimum">With fewer it does not hold, however good they look.</param>
/// <param name="Wanted">With as many it need not wait for more.</param>
internal readonly record struct Evidence(int Minimum, int Wanted)
{
    private const int LeastRequests = 50;
    private const int MostRequests = 600;

    /// <summary>As much as fits: five steps that take a tenth of the time each leave room for a slow machine.</summary>
    public static Evidence For(TimeSpan duration, double rate) =>
        new(LeastRequests, Math.Clamp((int)(duration.TotalSeconds * rate / 10), LeastRequests, MostRequests));
}
