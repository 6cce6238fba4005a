using System.Collections.Immutable;

namespace Weft.Control;

/// <summary>Where the requests of one kind go: ends, each with its share of them. The shares add up to 1. Immutable.</summary>
internal sealed class Way
{
    /// <summary>What doubles add to shares that are the same.</summary>
    public const double Tolerance = 1e-9;

    private Way(ImmutableArray<(PreviewTarget Target, double Share)> shares) => Shares = shares;

    /// <summary>The largest first; each end once.</summary>
    public ImmutableArray<(PreviewTarget Target, double Share)> Shares { get; }

    /// <summary>The share that fails, 0 to 1.</summary>
    public double Failing => Shares.Where(s => s.Target.Fails).Sum(s => s.Share);

    public bool IsUnknown => Shares.Any(s => s.Target.IsUnknown);

    /// <summary>All of them at one end.</summary>
    public static Way To(PreviewTarget target) => new([(target, 1)]);

    /// <summary>Several ways, each with a weight of 0 or more; those without weight get nothing.</summary>
    /// <exception cref="ArgumentException">None has a weight.</exception>
    public static Way Mix(IReadOnlyCollection<(Way Way, double Weight)> parts)
    {
        var largest = parts.Max(p => p.Weight);
        if (largest <= 0)
        {
            throw new ArgumentException("no part has a weight", nameof(parts));
        }

        // Weights are as large as people write them: in parts of the largest their sum is finite.
        var sum = parts.Sum(p => p.Weight / largest);
        var shares = parts
            .Where(p => p.Weight > 0)
            .SelectMany(p => p.Way.Shares.Select(s => (s.Target, Share: s.Share * (p.Weight / largest / sum))))
            .GroupBy(s => s.Target, s => s.Share)
            .Select(g => (g.Key, g.Sum()))
            .OrderByDescending(s => s.Item2)
            .ThenBy(s => s.Key.Id, StringComparer.Ordinal)
            .ThenBy(s => s.Key.Kind);
        return new Way([.. shares]);
    }

    /// <summary>The least share of requests that must end elsewhere for this way to become another, 0 to 1.</summary>
    public double MovedTo(Way then)
    {
        var before = Shares.ToDictionary(s => s.Target, s => s.Share);
        var moved = then.Shares.Sum(s => Math.Max(0, s.Share - before.GetValueOrDefault(s.Target)));
        return moved <= Tolerance ? 0 : Math.Min(1, moved);
    }

    /// <summary>The share of requests that did not fail and then would, 0 to 1.</summary>
    public double LostIn(Way then)
    {
        var lost = then.Failing - Failing;
        return lost <= Tolerance ? 0 : Math.Min(1, lost);
    }

    /// <summary>Whether requests end alike.</summary>
    public bool IsSameAs(Way other) =>
        ReferenceEquals(this, other)
        || (
            // What most ways differ in is seen without adding shares up.
            Math.Abs(Shares[0].Share - other.Shares[0].Share) <= Tolerance
            && (Shares.Length > 1 || other.Shares.Length > 1 || Shares[0].Target == other.Shares[0].Target)
            && MovedTo(other) == 0
        );

    public override string ToString() =>
        string.Join(" & ", Shares.Select(s => $"{s.Share} * {s.Target.Kind} {s.Target.Id}"));
}
