using Weft.Resources;
using Path = Weft.Naming.Path;

namespace Weft.Proxy;

/// <summary>The concrete names that a loop calls or has called lately.</summary>
internal sealed class ConcreteNames(LoopState loop)
{
    // A name that nobody has asked for in this long gives its connections and series back.
    private const long IdleMilliseconds = 600_000;

    /// <summary>
    /// Beyond this, the names that were not asked for the longest go, unless requests are under way on them: of those there cannot be more
    /// than connections. Clients can make names when a dtab puts a part of theirs into one.
    /// </summary>
    public const int MaxNames = 4096;

    // Made room for at once, so that looking for the oldest is paid for once in many new names.
    private const int Spare = MaxNames / 8;

    private readonly Dictionary<(Path Id, ServiceSpec Spec), ConcreteName> _names = [];

    public IReadOnlyCollection<ConcreteName> All => _names.Values;

    /// <summary>The name; a new one when it has not been asked for lately.</summary>
    /// <param name="id">What a dtab leads to.</param>
    /// <param name="spec">How its endpoints are called.</param>
    /// <param name="service">The service that leads there.</param>
    public ConcreteName Get(Path id, ServiceSpec spec, string service)
    {
        if (!_names.TryGetValue((id, spec), out var name))
        {
            if (_names.Count >= MaxNames)
            {
                MakeRoom();
            }

            name = new ConcreteName(loop, id, spec, service);
            _names.Add((id, spec), name);
        }

        return name;
    }

    /// <summary>Closes idle connections and forgets idle names.</summary>
    public void Sweep()
    {
        var now = loop.Loop.NowMilliseconds;
        List<(Path, ServiceSpec)>? idle = null;
        foreach (var (key, name) in _names)
        {
            name.Sweep(now);
            if (now - name.KeptMilliseconds > IdleMilliseconds && !name.IsBusy)
            {
                (idle ??= []).Add(key);
            }
        }

        foreach (var key in idle ?? [])
        {
            _names.Remove(key, out var name);
            name!.Retire();
        }
    }

    private void MakeRoom()
    {
        var oldest = _names
            .Where(n => !n.Value.IsBusy)
            .OrderBy(n => n.Value.LastUsedMilliseconds)
            .Take(Spare)
            .ToArray();
        foreach (var (key, name) in oldest)
        {
            _names.Remove(key);
            name.Retire();
        }
    }

    public void RetireAll()
    {
        foreach (var name in _names.Values)
        {
            name.Retire();
        }

        _names.Clear();
    }
}
