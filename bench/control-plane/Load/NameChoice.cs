namespace Weft.Bench.ControlPlane.Load;

/// <summary>
/// Which services each proxy watches: those that are changed, as far as it belongs to their audience, and others by popularity, the n-th
/// most popular service n times as seldom as the first (Zipf). The same every time. Pure.
/// </summary>
internal static class NameChoice
{
    private const int TriesPerName = 20;

    /// <param name="proxy">From 0.</param>
    /// <param name="options">How many there are of each; service i, below the number of audiences, is watched by the first proxies, as many as the audience has.</param>
    public static IReadOnlyList<int> Of(int proxy, Options options)
    {
        var audiences = options.Audiences;
        var chosen = new HashSet<int>();
        for (var service = 0; service < audiences.Count; service++)
        {
            if (proxy < audiences[service])
            {
                chosen.Add(service);
            }
        }

        var others = options.Services - audiences.Count;
        for (var attempt = 0; chosen.Count < options.Names && attempt < options.Names * TriesPerName; attempt++)
        {
            var rank = (int)Math.Exp(Fraction(proxy, attempt) * Math.Log(others + 1));
            chosen.Add(audiences.Count + Math.Min(rank, others) - 1);
        }

        // Where nearly all are watched, chance alone would take its time.
        for (var service = audiences.Count; chosen.Count < options.Names && service < options.Services; service++)
        {
            chosen.Add(service);
        }

        return [.. chosen.Order()];
    }

    /// <summary>A number from 0 to below 1 (SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).</summary>
    public static double Fraction(int series, int index)
    {
        var z = (((ulong)series << 32) | (uint)index) + 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
