using System.Collections.Immutable;
using Weft.Resilience;
using Weft.Resources;

namespace Weft.Proxy;

/// <summary>A service that a rule sends requests to. Immutable, and the same for all names that the rule is for.</summary>
internal sealed class CompiledBackend
{
    private readonly Naming.Path? _path;

    public CompiledBackend(WeightedBackend backend)
    {
        Name = backend.Name;
        _path = Naming.Path.Parse($"/{backend.Name}");
        RequestHeaders = HeaderEdit.Of(backend.RequestHeaders);
        ResponseHeaders = HeaderEdit.Of(backend.ResponseHeaders);
    }

    private CompiledBackend() => Name = "";

    /// <summary>The service itself: what a rule without backends goes to.</summary>
    public static readonly CompiledBackend Self = new();

    /// <summary>Without the first label; empty for <see cref="Self"/>.</summary>
    public string Name { get; }

    /// <summary>For this backend alone, after the rule's; null changes nothing.</summary>
    public HeaderEdit? RequestHeaders { get; }

    /// <summary>For this backend alone, before the rule's; null changes nothing.</summary>
    public HeaderEdit? ResponseHeaders { get; }

    /// <summary>The backend's logical name, below the same first label as the service that is routed.</summary>
    public Naming.Path PathFor(Naming.Path service) => RelativeTo(service, _path);

    /// <summary>A name that a document gives, below the first label of the service that is routed; null is the service itself.</summary>
    public static Naming.Path RelativeTo(Naming.Path service, Naming.Path? name) =>
        name is null || service.IsRoot ? service : new Naming.Path([service[0], .. name.Labels]);
}

/// <summary>A service that gets copies of a rule's requests. Immutable.</summary>
internal sealed class CompiledMirror(RequestMirror mirror)
{
    private readonly Percentage _share = new(mirror.Share);
    private readonly Naming.Path _path = Naming.Path.Parse($"/{mirror.Backend}");

    public string Name => mirror.Backend;

    /// <summary>The mirror's logical name, below the same first label as the service that is routed.</summary>
    public Naming.Path PathFor(Naming.Path service) => CompiledBackend.RelativeTo(service, _path);

    /// <summary>Whether this request is one of those that are copied.</summary>
    public bool Takes(LoopRandom random) => _share.Hits(random);
}
