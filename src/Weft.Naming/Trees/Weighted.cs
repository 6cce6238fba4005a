namespace Weft.Naming;

/// <summary>A member of a union: it gets its weight's share of the sum of all weights.</summary>
public readonly record struct Weighted<T>
    where T : notnull
{
    /// <summary>A member with its weight.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The weight is negative or not finite.</exception>
    public Weighted(double weight, NameTree<T> tree)
    {
        if (!double.IsFinite(weight) || weight < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(weight), weight, "a weight is finite and 0 or more");
        }

        // Zero has one sign here, so that equal trees print alike.
        Weight = weight + 0.0;
        Tree = tree;
    }

    /// <summary>Finite, 0 or more.</summary>
    public double Weight { get; }

    public NameTree<T> Tree { get; }

    public void Deconstruct(out double weight, out NameTree<T> tree)
    {
        weight = Weight;
        tree = Tree;
    }
}
