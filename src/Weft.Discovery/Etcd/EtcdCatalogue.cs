using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text.Json;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>
/// The services of a cluster, gathered key by key: <c>ROOT service / instance</c>, where the service may have several steps and the value is a line
/// <c>host port [* weight]</c> or JSON. Not safe for several threads; what it publishes is immutable.
/// </summary>
internal sealed class EtcdCatalogue(string root, ImmutableDictionary<string, EndpointSet.Known> before)
{
    /// <summary>Keys that are read.</summary>
    public const int MaxKeys = 200_000;

    private const int MaxValueBytes = 64 * 1024;

    private readonly Dictionary<string, Dictionary<string, ImmutableArray<Endpoint>>> _services = new(
        StringComparer.Ordinal
    );

    private readonly HashSet<string> _changed = [];
    private int _keys;

    /// <summary>The first key that makes no sense, and why; null when all do.</summary>
    public string? Problem { get; private set; }

    /// <summary>What was published last; before the first time, what is to be compared with.</summary>
    public ImmutableDictionary<string, EndpointSet.Known> Services { get; private set; } = before;

    /// <summary>Takes in that a key has a value. A value that makes no sense leaves the one before.</summary>
    public void Put(string key, ReadOnlyMemory<byte> value)
    {
        if (!TrySplit(key, out var service, out var instance))
        {
            return;
        }
        try
        {
            var endpoints = Parse(value);
            if (!_services.TryGetValue(service, out var instances))
            {
                _services.Add(service, instances = new(StringComparer.Ordinal));
            }
            _keys += instances.ContainsKey(instance) ? 0 : 1;
            if (_keys > MaxKeys)
            {
                throw new BackendException($"there are more than {MaxKeys} keys below {root}");
            }
            instances[instance] = endpoints;
            _changed.Add(service);
        }
        catch (BackendException error) when (_keys <= MaxKeys)
        {
            Problem ??= $"the value of {key} makes no sense: {error.Message}";
        }
    }

    /// <summary>Takes in that a key is gone.</summary>
    public void Delete(string key)
    {
        if (
            TrySplit(key, out var service, out var instance)
            && _services.TryGetValue(service, out var instances)
            && instances.Remove(instance)
        )
        {
            _keys--;
            _changed.Add(service);
            if (instances.Count == 0)
            {
                _services.Remove(service);
            }
        }
    }

    /// <summary>All services now; the same object when nothing has changed.</summary>
    /// <param name="isComplete">Whether everything was read, so that what was not is gone.</param>
    public ImmutableDictionary<string, EndpointSet.Known> Publish(bool isComplete)
    {
        if (isComplete)
        {
            Services = Services.RemoveRange(Services.Keys.Where(s => !_services.ContainsKey(s)));
        }
        foreach (var service in _changed)
        {
            if (!_services.TryGetValue(service, out var instances))
            {
                Services = Services.Remove(service);
                continue;
            }
            var merge = new EndpointMerge();
            foreach (var endpoint in instances.Values.SelectMany(e => e))
            {
                merge.Add(endpoint);
            }
            var set = merge.ToSet();
            if (!EndpointSetComparer.Instance.Equals(Services.GetValueOrDefault(service), set))
            {
                Services = Services.SetItem(service, set);
            }
        }
        _changed.Clear();
        return Services;
    }

    private bool TrySplit(string key, out string service, out string instance)
    {
        (service, instance) = ("", "");
        var slash = key.LastIndexOf('/');
        if (!key.StartsWith(root, StringComparison.Ordinal) || slash < root.Length || slash == key.Length - 1)
        {
            return false;
        }
        service = key[root.Length..slash];
        instance = key[(slash + 1)..];
        return true;
    }

    private static ImmutableArray<Endpoint> Parse(ReadOnlyMemory<byte> value)
    {
        if (value.Length > MaxValueBytes)
        {
            throw new BackendException($"it has more than {MaxValueBytes} bytes");
        }
        return value.Span.TrimStart(" \t\r\n"u8) is [(byte)'{', ..] ? [ParseJson(value)] : ParseLines(value);
    }

    private static Endpoint ParseJson(ReadOnlyMemory<byte> value)
    {
        using var document = JsonFields.Parse(value);
        var root = document.RootElement;
        var weight = root.Number("weight") ?? 1;
        var port = root.Whole("port") ?? 0;
        if (
            !IPAddress.TryParse(root.Text("address") ?? root.Text("host"), out var address)
            || port is < 1 or > 65535
            || !(weight >= 0 && double.IsFinite(weight))
        )
        {
            throw new BackendException("it needs an 'address', which is an IP address, and a 'port'");
        }
        var metadata = root.Field("metadata") is { ValueKind: JsonValueKind.Object } map
            ? map.EnumerateObject()
                .Take(64)
                .ToImmutableSortedDictionary(p => p.Name, p => p.Value.ToString(), StringComparer.Ordinal)
            : ImmutableSortedDictionary<string, string>.Empty;
        return new Endpoint(new IPEndPoint(address, (int)port), weight) { Metadata = metadata };
    }

    private static ImmutableArray<Endpoint> ParseLines(ReadOnlyMemory<byte> value)
    {
        var mistakes = new List<Problem>();
        var targets = ServiceFile.Parse(value.Span, "value", mistakes);
        if (mistakes.Count > 0)
        {
            throw new BackendException(mistakes[0].Message);
        }
        return targets.All(t => t.Address is not null)
            ? [.. targets.Select(t => new Endpoint(new IPEndPoint(t.Address!, t.Port), t.Weight))]
            : throw new BackendException("its host is not an IP address");
    }
}
