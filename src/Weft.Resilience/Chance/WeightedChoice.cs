namespace Weft.Resilience;

/// <summary>
/// Chooses one of n alternatives with the probability of its weight, in constant time and with one random draw: the
/// alias table of A. J. Walker (1977), built in linear time by M. D. Vose's method (1991). Immutable: all loops may share it.
/// </summary>
public sealed class WeightedChoice
{
    // Column i answers i when the fraction of the draw is below _keep[i], and _alias[i] otherwise.
    private readonly ulong[] _keep;
    private readonly int[] _alias;

    /// <summary>Builds the table.</summary>
    /// <param name="weights">At least one; each finite and above 0. Leave out what must never be chosen.</param>
    /// <exception cref="ArgumentException">There is no weight, or one is zero, negative, NaN or infinite.</exception>
    public WeightedChoice(ReadOnlySpan<double> weights)
    {
        if (weights.IsEmpty)
            throw new ArgumentException("there is nothing to choose from: give at least one weight", nameof(weights));
        var largest = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] > 0) || double.IsInfinity(weights[i]))
                throw new ArgumentException(
                    $"weight {i} is {weights[i]}: it must be finite and above 0",
                    nameof(weights)
                );
            largest = Math.Max(largest, weights[i]);
        }

        _keep = new ulong[weights.Length];
        _alias = new int[weights.Length];
        Build(weights, largest);
    }

    /// <summary>How many alternatives there are.</summary>
    public int Count => _keep.Length;

    /// <summary>The index of the chosen alternative.</summary>
    public int Pick(LoopRandom random)
    {
        // One draw times n: the whole part is the column, what is left of it is the fraction.
        var column = (int)Math.BigMul(random.NextUInt64(), (ulong)_keep.Length, out var fraction);
        return fraction < _keep[column] ? column : _alias[column];
    }

    private void Build(ReadOnlySpan<double> weights, double largest)
    {
        // Divided by the largest first, so that no sum of finite weights overflows.
        var total = 0.0;
        foreach (var weight in weights)
            total += weight / largest;

        var heights = new double[weights.Length];
        var small = new Stack<int>();
        var large = new Stack<int>();
        for (var i = 0; i < weights.Length; i++)
        {
            heights[i] = weights[i] / largest / total * weights.Length;
            (heights[i] < 1 ? small : large).Push(i);
        }

        while (small.Count > 0 && large.Count > 0)
        {
            var less = small.Pop();
            var more = large.Pop();
            _keep[less] = ToThreshold(heights[less]);
            _alias[less] = more;
            heights[more] -= 1 - heights[less];
            (heights[more] < 1 ? small : large).Push(more);
        }

        // What is left is 1 but for rounding.
        foreach (var i in small.Concat(large))
        {
            _keep[i] = ulong.MaxValue;
            _alias[i] = i;
        }
    }

    private static ulong ToThreshold(double height) => (ulong)(height * 18446744073709551616.0);
}
