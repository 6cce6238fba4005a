using Weft.Resilience;

namespace Weft.Proxy;

/// <summary>Decides for a share of the requests.</summary>
internal static class Chance
{
    /// <summary>True for the share of draws, 0 to 1; at the ends nothing is drawn.</summary>
    public static bool Falls(double share, LoopRandom random) =>
        share >= 1 || (share > 0 && random.NextDouble() < share);
}
