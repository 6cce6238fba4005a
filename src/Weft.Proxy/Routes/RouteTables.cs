using System.Collections.Concurrent;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>
/// The tables of one world, made when they are first asked for and shared by all loops. As many as there are different lists of documents: names
/// that clients invent make none.
/// </summary>
internal sealed class RouteTables(ResourceSet resources)
{
    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<ResourceSet, RouteTables> s_known = [];

    private readonly ConcurrentDictionary<(IReadOnlyList<RouteDocument>, ServiceSpec), RouteTable> _routes = new(
        ByReference.Instance
    );

    private readonly ConcurrentDictionary<IReadOnlyList<FaultInjectionDocument>, FaultTable> _faults = new(
        ReferenceEqualityComparer.Instance
    );

    /// <summary>The tables of a set of documents: the same for all worlds that have the set.</summary>
    public static RouteTables Of(ResourceSet resources) => s_known.GetValue(resources, static r => new RouteTables(r));

    /// <summary>The rules for a logical name; null when it has no routes, so that its requests go to the name itself.</summary>
    public RouteTable? RoutesOf(Naming.Path logicalName)
    {
        var documents = resources.RoutesOf(logicalName);
        return documents.Count == 0
            ? null
            : _routes.GetOrAdd(
                (documents, resources.SpecOf(logicalName)),
                static key => new RouteTable(key.Item1, key.Item2)
            );
    }

    /// <summary>The faults for a logical name; null when it has none.</summary>
    public FaultTable? FaultsOf(Naming.Path logicalName)
    {
        var documents = resources.FaultsOf(logicalName);
        return documents.Count == 0 ? null : _faults.GetOrAdd(documents, static key => new FaultTable(key));
    }

    /// <summary>A set gives the same lists and specs for the same documents, and comparing what is in them would take long.</summary>
    private sealed class ByReference : IEqualityComparer<(IReadOnlyList<RouteDocument> Routes, ServiceSpec Spec)>
    {
        public static readonly ByReference Instance = new();

        public bool Equals(
            (IReadOnlyList<RouteDocument> Routes, ServiceSpec Spec) x,
            (IReadOnlyList<RouteDocument> Routes, ServiceSpec Spec) y
        ) => ReferenceEquals(x.Routes, y.Routes) && ReferenceEquals(x.Spec, y.Spec);

        public int GetHashCode((IReadOnlyList<RouteDocument> Routes, ServiceSpec Spec) obj) =>
            HashCode.Combine(
                System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj.Routes),
                System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(obj.Spec)
            );
    }
}
