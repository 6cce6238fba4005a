namespace Weft.Resilience;

/// <summary>
/// The endpoint that a request's key belongs to. Keys belong to endpoints by a <see cref="MaglevTable"/> over all members, in service or not:
/// a key whose endpoint is out is drawn again, always in the same way, until it meets one that is in service, and comes home when its endpoint
/// does; no other key moves. Without a key, by chance.
/// </summary>
/// <remarks>
/// Maglev and not a ring of points (ketama): 160 points for each endpoint leave shares that differ by some 8 %, a table of 100 slots for each is exact
/// to 1 % and weights hold as exactly; a lookup is one load and no search. The price is that some keys move beyond those that
/// must when members change (1 to 3 % of all, see the tests), which a ring avoids.
/// </remarks>
internal sealed class RingHashBalancer(LoopRandom random, BalancerOptions options) : Balancer(random, options)
{
    private const double AllButRounding = 1 - 1e-9;

    // With one endpoint of ten in service, all of them miss once in 10^11 times; then whoever is ready at the key's place is it.
    private const int Draws = 256;

    private MaglevTable? _table;

    // For each member its index among the ready endpoints, or -1; once for the standing selection and once for single picks.
    private int[] _readyOf = [];
    private int[] _asideOf = [];

    private protected override int Choose(ReadyEndpoints ready, long now) =>
        ChooseByKey(ready, Random.NextUInt64(), aside: false, now);

    private protected override int ChooseAside(ReadyEndpoints ready, long now) =>
        ChooseByKey(ready, Random.NextUInt64(), aside: true, now);

    private protected override int ChooseByKey(ReadyEndpoints ready, ulong key, bool aside, long now)
    {
        if (aside)
            Index(ready, ref _asideOf);
        var indexOf = aside ? _asideOf : _readyOf;
        var table = _table ??= BuildTable();
        var tried = key;
        var fallback = None;
        for (var draw = 0; draw < Draws; draw++)
        {
            var index = indexOf[table[table.SlotOf(tried)]];
            if (index >= 0)
            {
                if (Accepts(ready, index, tried))
                    return index;
                fallback = index;
            }

            // The table's own order has patterns: an endpoint's neighbours would inherit all of its keys.
            tried = StableHash.Combine(tried, key);
        }

        return fallback == None ? ready.At(ToUnit(key)) : fallback;
    }

    private protected override void ReadyChanged(ReadyEndpoints ready) => Index(ready, ref _readyOf);

    private protected override void WeightsChanged() => _table = null;

    /// <summary>
    /// An endpoint that warms up, or of a zone that is to get little, takes only that share of its keys; which ones depends on the keys alone, so
    /// that each moves once.
    /// </summary>
    private bool Accepts(ReadyEndpoints ready, int index, ulong tried)
    {
        var favour = ready.Favour(index);
        if (favour < AllButRounding && ToUnit(StableHash.Combine(tried, 0)) >= favour)
            return false;
        if (Options.HashBound == 0)
            return true;
        var fair = (InFlight + 1) / (ready.Count * ready.Lightness(index));
        return ready[index].InFlight + 1 <= Math.Ceiling(Options.HashBound * fair);
    }

    private static double ToUnit(ulong hash) => (hash >> 11) * (1.0 / (1UL << 53));

    private void Index(ReadyEndpoints ready, ref int[] indexOf)
    {
        if (indexOf.Length < Endpoints.Length)
            indexOf = new int[Endpoints.Length];
        Array.Fill(indexOf, -1);
        for (var i = 0; i < ready.Count; i++)
            indexOf[ready.PositionOf(i)] = i;
    }

    private MaglevTable BuildTable()
    {
        var identities = new ulong[Endpoints.Length];
        var weights = new double[Endpoints.Length];
        for (var i = 0; i < Endpoints.Length; i++)
            (identities[i], weights[i]) = (Endpoints[i].Identity, Endpoints[i].Weight);
        if (weights.Max() == 0)
            Array.Fill(weights, 1);
        return new MaglevTable(identities, weights);
    }
}
