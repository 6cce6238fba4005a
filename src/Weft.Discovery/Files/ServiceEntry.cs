using System.Collections.Immutable;
using System.Net;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>What a file namer knows of one service. Immutable but for what it remembers of its last answer.</summary>
internal sealed class ServiceEntry : IDisposable
{
    private readonly ImmutableArray<Endpoint> _literals = [];
    private readonly ImmutableArray<(HostWatch Host, ServiceTarget Target)> _hosts = [];
    private readonly HostResolver? _resolver;
    private readonly EndpointSet? _fixed;
    private Answer? _last;

    private ServiceEntry(Naming.Path id, string message)
    {
        Id = id;
        State = new NameState.Failed(message);
        _fixed = new EndpointSet.Failed(message);
    }

    private ServiceEntry(
        Naming.Path id,
        ImmutableArray<ServiceTarget> targets,
        ImmutableArray<(HostWatch Host, ServiceTarget Target)> hosts,
        HostResolver resolver
    )
    {
        Id = id;
        State = NameState.Bound(id, Naming.Path.Root);
        _resolver = resolver;
        _literals =
        [
            .. targets
                .Where(t => t.Address is not null)
                .Select(t => new Endpoint(new IPEndPoint(t.Address!, t.Port), t.Weight) { Metadata = t.Metadata }),
        ];
        _hosts = hosts;
        _fixed = _hosts.IsEmpty ? new EndpointSet.Known(_literals) : null;
    }

    /// <summary>The concrete name.</summary>
    public Naming.Path Id { get; }

    /// <summary>The answer to a lookup of just this name.</summary>
    public NameState State { get; }

    public bool HasHosts => !_hosts.IsEmpty;

    /// <summary>A service whose file could never be read.</summary>
    public static ServiceEntry Failed(Naming.Path id, string message) => new(id, message);

    /// <summary>A service whose file was read well. Its hosts are kept resolved until it is disposed.</summary>
    /// <exception cref="InvalidOperationException">The resolver's table is full.</exception>
    public static ServiceEntry Known(Naming.Path id, ImmutableArray<ServiceTarget> targets, HostResolver resolver)
    {
        var hosts = new List<(HostWatch, ServiceTarget)>();
        try
        {
            foreach (var target in targets.Where(t => t.Host is not null))
            {
                hosts.Add((resolver.Watch(target.Host!), target));
            }
        }
        catch (InvalidOperationException)
        {
            hosts.ForEach(h => h.Item1.Dispose());
            throw;
        }
        return new ServiceEntry(id, targets, [.. hosts], resolver);
    }

    /// <summary>The endpoints: the same object until they change.</summary>
    public EndpointSet Endpoints()
    {
        if (_fixed is not null)
        {
            return _fixed;
        }
        var version = _resolver!.Version;
        if (Volatile.Read(ref _last) is { } last && last.Version == version)
        {
            return last.Endpoints;
        }
        var endpoints = Resolve();
        // The version was read first: an answer that changes meanwhile is taken in by the next call.
        var before = Volatile.Read(ref _last)?.Endpoints;
        endpoints = before is not null && Same(before, endpoints) ? before : endpoints;
        Volatile.Write(ref _last, new Answer(version, endpoints));
        return endpoints;
    }

    public void Dispose()
    {
        foreach (var (host, _) in _hosts)
        {
            host.Dispose();
        }
    }

    /// <summary>
    /// All addresses that are known, each with its line's weight, and with what the first line says that leads to it. Only when there is none does it matter whether a host
    /// is still awaited or has failed.
    /// </summary>
    private EndpointSet Resolve()
    {
        var found = _literals.ToDictionary(e => e.Address);
        var order = _literals.Select(e => e.Address).ToList();
        HostAnswer.Failed? failed = null;
        var isPending = false;
        foreach (var (host, target) in _hosts)
        {
            switch (host.Answer)
            {
                case HostAnswer.Known known:
                    foreach (var address in known.Addresses)
                    {
                        var at = new IPEndPoint(address, target.Port);
                        if (found.TryGetValue(at, out var same))
                        {
                            found[at] = same with { Weight = same.Weight + target.Weight };
                            continue;
                        }
                        found.Add(at, new Endpoint(at, target.Weight) { Metadata = target.Metadata });
                        order.Add(at);
                    }
                    break;
                case HostAnswer.Failed failure:
                    failed ??= failure;
                    break;
                case HostAnswer.Pending:
                    isPending = true;
                    break;
                default:
                    break;
            }
        }
        if (order.Count > 0 || (failed is null && !isPending))
        {
            return new EndpointSet.Known([.. order.Select(address => found[address])]);
        }
        return isPending ? EndpointSet.Pending.Instance : new EndpointSet.Failed(failed!.Message);
    }

    private static bool Same(EndpointSet a, EndpointSet b) =>
        (a, b) is (EndpointSet.Known x, EndpointSet.Known y)
            ? x.Endpoints.AsSpan().SequenceEqual(y.Endpoints.AsSpan())
            : a.Equals(b);

    private sealed record Answer(long Version, EndpointSet Endpoints);
}
