using System.Globalization;

namespace Weft.Cli.Demo;

/// <summary>Whether a share that was counted fits one that was set.</summary>
internal static class Shares
{
    /// <summary>Standard deviations that chance may be away from the mean: beyond it once in 16 000 runs.</summary>
    public const double Deviations = 4;

    /// <summary>
    /// The normal approximation of the binomial distribution with continuity correction: whether <paramref name="hits"/> out of
    /// <paramref name="count"/> independent draws fit the probability <paramref name="expected"/>.
    /// </summary>
    public static bool Fit(int hits, int count, double expected)
    {
        if (count == 0)
        {
            return false;
        }

        var spread = Math.Sqrt(count * expected * (1 - expected));
        return Math.Abs(hits - (count * expected)) <= (Deviations * spread) + 0.5;
    }

    /// <summary>As <c>12.3 %</c>, never rounded to all when it is not all; a dash when there is nothing to divide by.</summary>
    public static string Text(double part, double whole)
    {
        if (!(whole > 0))
        {
            return "-";
        }

        var percent = part >= whole ? 100 : Math.Min(100 * part / whole, 99.9);
        return percent.ToString("0.0", CultureInfo.InvariantCulture) + " %";
    }
}
