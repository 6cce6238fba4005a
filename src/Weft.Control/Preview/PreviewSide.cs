using System.Globalization;
using Weft.Naming;
using Weft.Resources;

namespace Weft.Control;

/// <summary>One of the two worlds that are compared: documents and what names mean in it. For one preview, by one thread.</summary>
/// <param name="set">The documents.</param>
/// <param name="names">Their namers.</param>
/// <param name="word">Tells the two worlds apart where something is not known.</param>
internal sealed class PreviewSide(ResourceSet set, RememberedNames names, string word)
{
    private readonly Dictionary<(string Dtab, Naming.Path Path), Way> _ways = [];

    public ResourceSet Set => set;

    public RememberedNames Names => names;

    public string Word => word;

    public Dtab DtabOf(string name) => Set.FindDtab(name)?.Dtab ?? Dtab.Empty;

    /// <summary>Where a logical name leads.</summary>
    /// <param name="dtab">The Dtab document.</param>
    /// <param name="path">The name.</param>
    /// <param name="isSame">Whether both worlds ask the same sources the same: then what is not known here is what is not known there.</param>
    public Way Bind(string dtab, Naming.Path path, bool isSame)
    {
        if (!_ways.TryGetValue((dtab, path), out var way))
        {
            way = Binder.Bind(DtabOf(dtab), path, Names) switch
            {
                NameState.Ok ok => WayOf(ok.Tree),
                NameState.Failed failed => Unknown(path, failed.Message, isSame),
                _ => Unknown(path, DelegationJson.NotResolvedYet, isSame),
            };
            _ways.Add((dtab, path), way);
        }

        return way;
    }

    // As the proxy does it: a member without weight gets no traffic, and its neighbours all of it.
    private Way WayOf(NameTree<BoundName> tree) =>
        tree switch
        {
            NameTree<BoundName>.Leaf leaf => Way.To(TargetOf(leaf.Value.Id)),
            NameTree<BoundName>.Union union when union.Members.Any(m => m.Weight > 0) => Way.Mix([
                .. union.Members.Where(m => m.Weight > 0).Select(m => (WayOf(m.Tree), m.Weight)),
            ]),
            NameTree<BoundName>.Union or NameTree<BoundName>.Empty => Way.To(PreviewTarget.NoEndpoints),
            NameTree<BoundName>.Alt => WayOf(tree.Simplify()),
            _ => Way.To(PreviewTarget.NoBinding),
        };

    private PreviewTarget TargetOf(Naming.Path id)
    {
        var endpoints = Names.Endpoints(id);
        var isSame = Names.IsShared(id);
        var target = new PreviewTarget(TargetKind.Name, id.ToString());
        return endpoints switch
        {
            EndpointSet.Known known => target with
            {
                Endpoints = known.Endpoints.Length,
                Mark = isSame ? "" : Fingerprint(known),
            },
            EndpointSet.Neg => target with { Endpoints = 0 },
            EndpointSet.Failed failed => target with { Message = failed.Message, Mark = isSame ? "" : word },
            _ => target with { Message = DelegationJson.NotResolvedYet, Mark = isSame ? "" : word },
        };
    }

    private Way Unknown(Naming.Path path, string message, bool isSame) =>
        Way.To(new PreviewTarget(TargetKind.Unknown, path.ToString()) { Message = message, Mark = isSame ? "" : word });

    private static string Fingerprint(EndpointSet.Known known) =>
        string.Join(
            ' ',
            known
                .Endpoints.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Address}*{e.Weight}"))
                .Order(StringComparer.Ordinal)
        );
}
