namespace Weft.Resilience;

/// <summary>The loads of one set's members by key (an address), so that those who stay keep their state when the set changes.</summary>
public sealed class LoadTable<TKey>
    where TKey : notnull
{
    private Dictionary<TKey, EndpointLoad> _loads = [];

    /// <summary>
    /// The loads of the new members, in their order, for <see cref="Balancer.Update"/>: known ones with their state and the new
    /// weight, unknown ones fresh. Members that are not given any more are forgotten.
    /// </summary>
    /// <exception cref="ArgumentException">A key is given twice; nothing was changed.</exception>
    public EndpointLoad[] Replace(ReadOnlySpan<(TKey Key, double Weight)> members)
    {
        var next = new Dictionary<TKey, EndpointLoad>(members.Length);
        var loads = new EndpointLoad[members.Length];
        for (var i = 0; i < members.Length; i++)
        {
            var (key, weight) = members[i];
            loads[i] = _loads.TryGetValue(key, out var known) ? known : new EndpointLoad(weight);
            next.Add(key, loads[i]);
        }

        for (var i = 0; i < members.Length; i++)
            loads[i].Weight = members[i].Weight;
        _loads = next;
        return loads;
    }
}
