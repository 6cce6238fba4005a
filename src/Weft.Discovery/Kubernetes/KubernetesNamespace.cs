using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>
/// The services of a namespace, put together from two collections that are read and watched apart. What is published is immutable; nothing is before
/// both have been read once.
/// </summary>
internal sealed class KubernetesNamespace(IWatchReport<ImmutableDictionary<string, KubernetesService>> report)
{
    /// <summary>Objects of one collection.</summary>
    private const int MaxObjects = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ServiceObject> _services = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SliceObject> _slices = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _slicesOf = new(StringComparer.Ordinal);
    private readonly HashSet<string> _changed = [];
    private ImmutableDictionary<string, KubernetesService> _published = ImmutableDictionary<
        string,
        KubernetesService
    >.Empty;

    // What is wrong with objects, by what they are and their names; what was known of each before is kept.
    private readonly SortedDictionary<string, string> _problems = new(StringComparer.Ordinal);

    private bool _hasServices;
    private bool _hasSlices;

    /// <summary>Takes in all Services there are.</summary>
    public void ReplaceServices(Dictionary<string, JsonElement> all) =>
        Change(() =>
        {
            foreach (var gone in _services.Keys.Where(name => !all.ContainsKey(name)).ToArray())
            {
                PutService(gone, null);
            }
            foreach (var (name, service) in all)
            {
                PutService(name, service);
            }
            _hasServices = true;
        });

    /// <summary>Takes in all EndpointSlices there are.</summary>
    public void ReplaceSlices(Dictionary<string, JsonElement> all) =>
        Change(() =>
        {
            foreach (var gone in _slices.Keys.Where(name => !all.ContainsKey(name)).ToArray())
            {
                PutSlice(gone, null);
            }
            foreach (var (name, slice) in all)
            {
                PutSlice(name, slice);
            }
            _hasSlices = true;
        });

    /// <summary>Takes in a Service; null: it is gone.</summary>
    public void ChangeService(string name, JsonElement? service) => Change(() => PutService(name, service));

    /// <summary>Takes in an EndpointSlice; null: it is gone.</summary>
    public void ChangeSlice(string name, JsonElement? slice) => Change(() => PutSlice(name, slice));

    /// <summary>Takes in that the server is there and has no news.</summary>
    public void Confirm()
    {
        lock (_gate)
        {
            if (_hasServices && _hasSlices)
            {
                report.Confirm();
                Complain();
            }
        }
    }

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            if (_services.Count > MaxObjects || _slices.Count > MaxObjects)
            {
                throw new BackendException($"a namespace has more than {MaxObjects} services or endpoint slices");
            }
            if (!_hasServices || !_hasSlices)
            {
                return;
            }
            foreach (var name in _changed)
            {
                Publish(name);
            }
            _changed.Clear();
            report.Take(_published);
            Complain();
        }
    }

    private void Publish(string name)
    {
        _problems.Remove("the endpoints of " + name);
        if (!_services.TryGetValue(name, out var service))
        {
            _published = _published.Remove(name);
        }
        else if (Understood("the endpoints of " + name, () => Build(name, service)) is { } built)
        {
            _published = _published.SetItem(name, built);
        }
    }

    private void PutService(string name, JsonElement? service)
    {
        _changed.Add(name);
        _problems.Remove("the service " + name);
        if (service is null)
        {
            _services.Remove(name);
        }
        else if (Understood("the service " + name, () => ServiceObject.Parse(service.Value)) is { } parsed)
        {
            _services[name] = parsed;
        }
    }

    private void PutSlice(string name, JsonElement? slice)
    {
        _problems.Remove("the slice " + name);
        var parsed = slice is { } given ? Understood("the slice " + name, () => SliceObject.Parse(given)) : null;
        if (slice is not null && parsed is null)
        {
            return;
        }
        if (_slices.Remove(name, out var before))
        {
            _changed.Add(before.Service);
            _slicesOf[before.Service].Remove(name);
            if (_slicesOf[before.Service].Count == 0)
            {
                _slicesOf.Remove(before.Service);
            }
        }
        if (parsed is null)
        {
            return;
        }
        _slices[name] = parsed;
        _changed.Add(parsed.Service);
        if (!_slicesOf.TryGetValue(parsed.Service, out var names))
        {
            _slicesOf.Add(parsed.Service, names = new(StringComparer.Ordinal));
        }
        names.Add(name);
    }

    /// <summary>What an object says; null when that makes no sense, which must not harm the others.</summary>
    private T? Understood<T>(string what, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (BackendException error)
        {
            _problems[what] = error.Message;
            return null;
        }
    }

    private void Complain()
    {
        foreach (var (what, why) in _problems.Take(1))
        {
            report.Reject($"{what} makes no sense: {why}");
        }
    }

    private KubernetesService Build(string name, ServiceObject service)
    {
        var slices = _slicesOf.GetValueOrDefault(name)?.Select(s => _slices[s]).ToArray() ?? [];
        // A pod with addresses of both families is still one pod.
        var isSix = service.IsSix ?? !Array.Exists(slices, s => !s.IsSix);
        var merges = new Dictionary<string, EndpointMerge>(StringComparer.Ordinal);
        foreach (var slice in slices.Where(s => s.IsSix == isSix))
        {
            foreach (var (portName, port) in slice.Ports)
            {
                if (!merges.TryGetValue(portName, out var merge))
                {
                    merges.Add(portName, merge = new EndpointMerge());
                }
                foreach (var (address, metadata) in slice.Ready)
                {
                    // The same endpoint may be in two slices for a moment, and is still one.
                    merge.AddOnce(new Endpoint(new IPEndPoint(address, port)) { Metadata = metadata });
                }
            }
        }
        var endpoints = merges.ToImmutableDictionary(m => m.Key, m => m.Value.ToSet(), StringComparer.Ordinal);
        return new KubernetesService(service.Ports, endpoints);
    }
}
