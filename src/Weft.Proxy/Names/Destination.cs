using Weft.Resilience;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>Where the requests of one logical name go: a bound tree, ready to be chosen from.</summary>
internal abstract class Destination
{
    /// <summary>The destination of one request: a <see cref="Leaf"/> or <see cref="Nowhere"/>.</summary>
    public abstract Destination Choose(LoopRandom random);

    /// <summary>All concrete names of the tree.</summary>
    public virtual IEnumerable<Leaf> Leaves() => [];

    /// <summary>One concrete name.</summary>
    public sealed class Leaf(ConcreteNames names, Naming.Path id, ServiceSpec spec, ClientSlots slots) : Destination
    {
        private ConcreteName? _name;

        /// <summary>The name; made when it is first needed, and again when it had to make way for others meanwhile.</summary>
        public ConcreteName Name =>
            _name is { IsRetired: false } known ? known : _name = names.Get(Id, spec, Slots.Service);

        public Naming.Path Id { get; } = id;

        /// <summary>Where the attempts of this service at this name are counted.</summary>
        public ClientSlots Slots { get; } = slots;

        /// <summary>The name, unless nobody has needed it yet.</summary>
        public ConcreteName? Known => _name;

        public override Destination Choose(LoopRandom random) => this;

        public override IEnumerable<Leaf> Leaves() => [this];
    }

    /// <summary>Several, each with its share.</summary>
    public sealed class Union(Destination[] members, WeightedChoice choice) : Destination
    {
        public IReadOnlyList<Destination> Members { get; } = members;

        public override Destination Choose(LoopRandom random) => members[choice.Pick(random)].Choose(random);

        public override IEnumerable<Leaf> Leaves() => members.SelectMany(m => m.Leaves());
    }

    /// <summary>No concrete name, and the reason that requests are answered with.</summary>
    public sealed class Nowhere(ProxyError error, bool isPending = false) : Destination
    {
        public ProxyError Error { get; } = error;

        /// <summary>The name is not resolved yet: waiting may help.</summary>
        public bool IsPending { get; } = isPending;

        public override Destination Choose(LoopRandom random) => this;
    }
}
