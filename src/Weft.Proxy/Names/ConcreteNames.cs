using Weft.Resources;
using Path = Weft.Naming.Path;

namespace Weft.Proxy;

/// <summary>The concrete names that a loop calls or has called lately.</summary>
internal sealed class ConcreteNames(LoopState loop)
{
    // A name that nobody has asked for in this long gives its connections and series back.
    private const long IdleMilliseconds = 600_000;

    private readonly Dictionary<(Path Id, ServiceSpec Spec), ConcreteName> _names = [];

    public IReadOnlyCollection<ConcreteName> All => _names.Values;

    public ConcreteName Get(Path id, ServiceSpec spec)
    {
        if (!_names.TryGetValue((id, spec), out var name))
        {
            name = new ConcreteName(loop, id, spec);
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
            if (now - name.LastUsedMilliseconds > IdleMilliseconds && !name.IsBusy)
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

    public void RetireAll()
    {
        foreach (var name in _names.Values)
        {
            name.Retire();
        }

        _names.Clear();
    }
}
