using Weft.Naming;
using Weft.Resources;

namespace Weft.Control;

/// <summary>Documents and what names mean in them, as they are and as they would be. For one preview, by one thread.</summary>
internal sealed class PreviewWorlds
{
    private readonly HashSet<Naming.Path> _changedPrefixes;
    private readonly Dictionary<string, bool> _sameDtabs = new(StringComparer.Ordinal);

    /// <summary>Puts the two side by side.</summary>
    /// <param name="now">The documents in force.</param>
    /// <param name="then">The documents as they would be.</param>
    /// <param name="namers">The namers and endpoints of a set of documents; asked for at once.</param>
    public PreviewWorlds(
        ResourceSet now,
        ResourceSet then,
        Func<ResourceSet, (INamer Namer, IEndpointSource Endpoints)> namers
    )
    {
        _changedPrefixes =
        [
            .. now.Namers.Except(then.Namers).Concat(then.Namers.Except(now.Namers)).Select(n => n.Prefix),
        ];
        var (namer, endpoints) = namers(now);
        Now = new PreviewSide(now, new RememberedNames(namer, endpoints, shared: null, IsSameSource), "now");
        (namer, endpoints) = namers(then);
        Then = new PreviewSide(then, new RememberedNames(namer, endpoints, Now.Names, IsSameSource), "then");
    }

    public PreviewSide Now { get; }

    public PreviewSide Then { get; }

    /// <summary>Whether something is not known yet that may be soon.</summary>
    public bool SawPending => Now.Names.SawPending || Then.Names.SawPending;

    /// <summary>Where a name leads now.</summary>
    public Way BindNow(string dtab, Naming.Path path) => Now.Bind(dtab, path, IsSameDtab(dtab));

    /// <summary>Where a name would lead.</summary>
    public Way BindThen(string dtab, Naming.Path path) => Then.Bind(dtab, path, IsSameDtab(dtab));

    /// <summary>Whether a name is made by the same namer in both.</summary>
    private bool IsSameSource(Naming.Path path) =>
        _changedPrefixes.Count == 0 || !_changedPrefixes.Any(path.StartsWith);

    /// <summary>Whether the same is asked of the same namers.</summary>
    private bool IsSameDtab(string name)
    {
        if (!_sameDtabs.TryGetValue(name, out var isSame))
        {
            isSame = _changedPrefixes.Count == 0 && Now.DtabOf(name).Equals(Then.DtabOf(name));
            _sameDtabs.Add(name, isSame);
        }

        return isSame;
    }
}
