using System.Collections.Frozen;
using Weft.Naming;

namespace Weft.Resources;

/// <summary>All documents that are in force together. Immutable.</summary>
public sealed class ResourceSet
{
    /// <summary>Documents in one set.</summary>
    public const int MaxDocuments = 100_000;

    public static readonly ResourceSet Empty = new([], []);

    private readonly FrozenDictionary<string, DtabDocument> _dtabs;
    private readonly PatternIndex<ServiceDocument> _services;
    private readonly PatternIndex<IReadOnlyList<RouteDocument>> _routes;
    private readonly PatternIndex<IReadOnlyList<FaultInjectionDocument>> _faults;

    internal ResourceSet(IReadOnlyList<Resource> all, IReadOnlyList<Problem> warnings)
    {
        All = all;
        Warnings = warnings;
        Namers = [.. all.OfType<NamerDocument>()];
        Routes = [.. all.OfType<RouteDocument>()];
        Faults = [.. all.OfType<FaultInjectionDocument>()];
        Services = [.. all.OfType<ServiceDocument>()];
        _dtabs = all.OfType<DtabDocument>().ToFrozenDictionary(d => d.Name, StringComparer.Ordinal);
        _services = new PatternIndex<ServiceDocument>([.. Services.Select(s => (s.Name, s))]);
        _routes = PatternIndex.Group(Routes, route => route.Parents, OfOneKind);
        _faults = PatternIndex.Group(Faults, fault => fault.Parents);
    }

    /// <summary>In the order of files and lines.</summary>
    public IReadOnlyList<Resource> All { get; }

    /// <summary>What is right but will surprise: keys not in force in this version, references to nothing.</summary>
    public IReadOnlyList<Problem> Warnings { get; }

    public IReadOnlyList<NamerDocument> Namers { get; }

    public IReadOnlyList<ServiceDocument> Services { get; }

    public IReadOnlyList<RouteDocument> Routes { get; }

    public IReadOnlyList<FaultInjectionDocument> Faults { get; }

    public IEnumerable<DtabDocument> Dtabs => _dtabs.Values;

    public DtabDocument? FindDtab(string name) => _dtabs.GetValueOrDefault(name);

    /// <summary>
    /// The Service document for a logical name: its name is compared with the path without the first label
    /// (<c>books</c> or <c>book*</c> for <c>/svc/books</c>). A name without <c>*</c> matches that very name; of several
    /// the longest wins, and one without <c>*</c> before one with. Null when none matches.
    /// </summary>
    public ServiceDocument? FindService(Naming.Path logicalName)
    {
        ArgumentNullException.ThrowIfNull(logicalName);
        return _services.Find(logicalName);
    }

    /// <summary>How calls to a logical name are made: its Service document's spec, or the defaults.</summary>
    public ServiceSpec SpecOf(Naming.Path logicalName) => FindService(logicalName)?.Spec ?? ServiceSpec.Default;

    /// <summary>
    /// The routes of a logical name, in the alphabetical order of their names: those whose parent fits it best, as with
    /// <see cref="FindService"/>; the others are not for it. All are of one kind: where there are GRPCRoutes, HTTPRoutes do not count. Names with the same routes
    /// are given the same list.
    /// </summary>
    public IReadOnlyList<RouteDocument> RoutesOf(Naming.Path logicalName)
    {
        ArgumentNullException.ThrowIfNull(logicalName);
        return _routes.Find(logicalName) ?? [];
    }

    /// <summary>The faults of a logical name, found as its routes are.</summary>
    public IReadOnlyList<FaultInjectionDocument> FaultsOf(Naming.Path logicalName)
    {
        ArgumentNullException.ThrowIfNull(logicalName);
        return _faults.Find(logicalName) ?? [];
    }

    /// <summary>
    /// Reads the documents of several files. A document with a problem is left out of the set, the others stand; a
    /// caller that wants all or nothing keeps what it has when there are problems.
    /// </summary>
    /// <param name="texts">The files' names and what they hold.</param>
    /// <param name="proxy">When given, what it refers to must be there.</param>
    public static ResourceParse Parse(IEnumerable<(string File, string Text)> texts, ProxyConfig? proxy = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return Combine(texts.Select(t => ResourceReading.Of(t.File, t.Text)), proxy);
    }

    /// <summary>The same for files that were read before, so that those which did not change need not be read again.</summary>
    /// <param name="files">In the order in which their problems are to be shown.</param>
    /// <param name="proxy">When given, what it refers to must be there.</param>
    public static ResourceParse Combine(IEnumerable<ResourceReading> files, ProxyConfig? proxy = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        var findings = new Findings();
        var resources = new List<Resource>();
        var order = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            order.TryAdd(file.File, order.Count);
            resources.AddRange(file.Resources);
            findings.Problems.AddRange(file.Problems);
            findings.Warnings.AddRange(file.Warnings);
        }
        if (resources.Count > MaxDocuments)
        {
            findings.Problems.Add(
                resources[MaxDocuments].Origin.Problem($"this is one document more than the {MaxDocuments} of a set")
            );
            resources.RemoveRange(MaxDocuments, resources.Count - MaxDocuments);
        }
        var distinct = ResourceRules.Check(resources, proxy, findings);
        return new ResourceParse(
            new ResourceSet(distinct, InOrder(findings.Warnings, order)),
            InOrder(findings.Problems, order)
        );
    }

    private static IReadOnlyList<RouteDocument> OfOneKind(IReadOnlyList<RouteDocument> routes) =>
        routes.Any(r => r is GrpcRouteDocument) ? [.. routes.OfType<GrpcRouteDocument>()] : routes;

    /// <summary>By file as given, then by line; those of the proxy's own file come last.</summary>
    private static Problem[] InOrder(List<Problem> problems, Dictionary<string, int> order) =>
        [
            .. problems
                .OrderBy(p => order.GetValueOrDefault(p.File, int.MaxValue))
                .ThenBy(p => p.Line)
                .ThenBy(p => p.Column),
        ];
}

/// <summary>What came of reading documents.</summary>
/// <param name="Set">Those without problems.</param>
/// <param name="Problems">What is wrong, by file and line; empty when all is well.</param>
public sealed record ResourceParse(ResourceSet Set, IReadOnlyList<Problem> Problems)
{
    public IReadOnlyList<Problem> Warnings => Set.Warnings;
}
