namespace Weft.Resilience;

/// <summary>
/// Draws two endpoints, so that the better of the two can be taken (Mitzenmacher, "The Power of Two Choices in Randomized
/// Load Balancing", 2001), in a way that respects weights exactly.
/// </summary>
/// <remarks>
/// The endpoints lie on a circle, each an arc as long as its share. The first draw is a uniform point; the second lies a
/// random distance further, no nearer than the longest arc in either direction. Both points are uniform, so either draw
/// gives every endpoint its share, and among endpoints that are equally good so does the better of the two. The distance makes
/// the two different endpoints wherever that can be: only an endpoint with more than half of all weight meets itself, and no
/// oftener than it must. (Two independent draws would meet 1/n of the time, which sends traffic to a slow endpoint unseen.)
/// </remarks>
internal static class PowerOfTwoChoices
{
    public static (int First, int Second) Draw(ReadyEndpoints ready, LoopRandom random)
    {
        if (ready.Count == 1)
            return (0, 0);
        var first = random.NextDouble();
        var gap = ready.LargestShare;
        var second = first + (gap < 0.5 ? gap + ((1 - gap - gap) * random.NextDouble()) : 0.5);
        if (second >= 1)
            second -= 1;
        return (ready.At(first), ready.At(second));
    }
}
