using Weft.Http;
using Weft.Naming;
using Weft.Resilience;
using Weft.Resources;
using Path = Weft.Naming.Path;

namespace Weft.Proxy;

/// <summary>A logical name as one loop routes it: its policy, where it leads in the present world, and its metrics.</summary>
internal sealed partial class LogicalName
{
    // A table that came with a request is a stranger's: it may cause less work than one of the configuration.
    private static readonly BindLimits s_localLimits = new() { MaxNodes = 1000 };

    private readonly LoopState _loop;
    private readonly Dtab? _local;
    private readonly bool _isBackend;
    private readonly Dictionary<Path, ClientSlots> _clients = [];
    private World? _world;

    /// <summary>Makes a name that is not bound yet.</summary>
    /// <param name="loop">The loop that it belongs to.</param>
    /// <param name="name">The logical path.</param>
    /// <param name="local">Dentries of the request alone; null when there are none.</param>
    /// <param name="routed">The name whose route leads to this one, and under which its attempts count; null when it is asked for itself.</param>
    public LogicalName(LoopState loop, Path name, Dtab? local, LogicalName? routed = null)
    {
        _loop = loop;
        _local = local;
        _isBackend = routed is not null;
        Name = name;
        Text = name.ToString();
        Label = routed?.Label ?? LabelOf(name);
        Fields = new FieldBlock(("weft-dst", Text));
        Slots = loop.UnboundSlots;
    }

    public Path Name { get; }

    public string Text { get; }

    /// <summary>The value of the <c>service</c> label.</summary>
    public string Label { get; }

    /// <summary>Tells the next hop which name was asked for.</summary>
    public FieldBlock Fields { get; }

    public ServiceSpec Spec { get; private set; } = ServiceSpec.Default;

    public Destination Destination { get; private set; } =
        new Destination.Nowhere(new ProxyError(ErrorReason.BindingTimeout, "not bound yet"), isPending: true);

    /// <summary>
    /// Where its requests are counted. Names that lead nowhere share one set, so that invented names cannot use up the series of real ones.
    /// </summary>
    public RouteSlots Slots { get; private set; }

    public long LastUsedMilliseconds { get; private set; }

    /// <summary>The value of the <c>service</c> label for a name.</summary>
    public static string LabelOf(Path name) =>
        name.Length > 1 && string.Equals(name[0], "svc", StringComparison.Ordinal)
            ? name.Skip(1).ToString()[1..]
            : name.ToString();

    /// <summary>Works the destination out anew when the world has changed.</summary>
    public void Refresh(World world, Dtab dtab)
    {
        LastUsedMilliseconds = _loop.Loop.NowMilliseconds;
        // A request that outlives its name goes on with what it has: nothing would give back what was taken for it now.
        if (ReferenceEquals(world, _world) || _isRetired)
        {
            return;
        }

        _world = world;
        _dtab = dtab;
        var before = Destination;
        Spec = SpecIn(world);
        Destination = Compile(
            _local is null
                ? Binder.Bind(dtab, Name, world.Namer)
                : Binder.Bind(dtab.Concat(_local), Name, world.Namer, s_localLimits)
        );
        if (before != Destination)
        {
            ReleaseAllBut(Destination.Leaves().Select(l => l.Id).ToHashSet());
        }

        if (!_isBackend)
        {
            RefreshPolicy(world);
        }
    }

    /// <summary>Keeps the concrete names that it leads to, those too that chance has not chosen lately.</summary>
    public void KeepConcretes()
    {
        foreach (var leaf in AllLeaves())
        {
            leaf.Known?.Keep(_loop.Loop.NowMilliseconds);
        }
    }

    /// <summary>The name is not used any more.</summary>
    public void Retire()
    {
        ReleaseAllBut([]);
        RetirePolicy();
    }

    private ClientSlots ClientOf(Path id)
    {
        if (!_clients.TryGetValue(id, out var slots))
        {
            slots = new ClientSlots(_loop.Metrics, _loop.Direction, Label, id.ToString());
            _clients.Add(id, slots);
        }

        return slots;
    }

    private void ReleaseAllBut(HashSet<Path> kept)
    {
        foreach (var (id, slots) in _clients)
        {
            if (!kept.Contains(id))
            {
                slots.Release();
                _clients.Remove(id);
            }
        }
    }

    private Destination Compile(NameState state)
    {
        switch (state)
        {
            case NameState.Ok ok:
                return Compile(ok.Tree);
            case NameState.Failed failed when Destination is Destination.Nowhere:
                return new Destination.Nowhere(
                    new ProxyError(ErrorReason.NoBinding, $"{Text} cannot be bound: {failed.Message}")
                );
            case NameState.Pending when Destination is Destination.Nowhere:
                return new Destination.Nowhere(
                    new ProxyError(ErrorReason.BindingTimeout, $"{Text} was not resolved in time"),
                    isPending: true
                );
            default:
                return Destination; // Silence is no answer: what was last known stays.
        }
    }

    private Destination Compile(NameTree<BoundName> tree) =>
        tree switch
        {
            NameTree<BoundName>.Leaf leaf => new Destination.Leaf(
                _loop.Concretes,
                leaf.Value.Id,
                Spec,
                ClientOf(leaf.Value.Id)
            ),
            NameTree<BoundName>.Union union => Compile(union),
            NameTree<BoundName>.Fail => Nowhere(ErrorReason.NoBinding, "its dtab says that it fails"),
            NameTree<BoundName>.Empty => Nowhere(ErrorReason.NoEndpoints, "it exists and has no endpoints"),
            _ => Nowhere(ErrorReason.NoBinding, "no entry of the dtab leads to a name that exists"),
        };

    private Destination Compile(NameTree<BoundName>.Union union)
    {
        var members = new List<Destination>(union.Members.Length);
        var weights = new List<double>(union.Members.Length);
        foreach (var (weight, tree) in union.Members)
        {
            // A weight of 0 means no traffic, not a little.
            if (weight > 0)
            {
                members.Add(Compile(tree));
                weights.Add(weight);
            }
        }

        return members.Count == 0
            ? Nowhere(ErrorReason.NoEndpoints, "all members of its union have the weight 0")
            : new Destination.Union([.. members], new WeightedChoice([.. weights]));
    }

    private Destination.Nowhere Nowhere(ErrorReason reason, string why) =>
        new(new ProxyError(reason, $"{Text} leads nowhere: {why}; 'weft delegate {Text}' shows each step"));
}
