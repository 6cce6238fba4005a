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
internal sealed class EtcdCatalogue(string root, EtcdCatalogue? before)
{
    /// <summary>Keys that are read.</summary>
    public const int MaxKeys = 200_000;

    private const int MaxValueBytes = 64 * 1024;
    private const int MaxMetadata = 64;
    private const int MaxProblems = 100;

    private readonly Dictionary<string, Dictionary<string, ImmutableArray<Endpoint>>> _services = new(
        StringComparer.Ordinal
    );

    private readonly HashSet<string> _changed = [];
    private readonly SortedDictionary<string, string> _problems = new(StringComparer.Ordinal);
    private EtcdCatalogue? _before = before;
    private int _keys;

    /// <summary>The first key that makes no sense, and why; null when all do.</summary>
    public string? Problem => _problems.Values.FirstOrDefault();

    /// <summary>What was published last; before the first time, what is to be compared with.</summary>
    public ImmutableDictionary<string, EndpointSet.Known> Services { get; private set; } =
        before?.Services ?? ImmutableDictionary<string, EndpointSet.Known>.Empty;

    /// <summary>Takes in that a key has a value. A value that makes no sense leaves the one before.</summary>
    public void Put(string key, ReadOnlyMemory<byte> value)
    {
        if (!TrySplit(key, out var service, out var instance))
        {
            return;
        }
        if (Read(key, service, instance, value) is not { } endpoints)
        {
            return;
        }
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

    /// <summary>The endpoints of a value; of one that makes no sense, those that the instance had before everything was read again.</summary>
    private ImmutableArray<Endpoint>? Read(string key, string service, string instance, ReadOnlyMemory<byte> value)
    {
        _problems.Remove(key);
        try
        {
            return Parse(value);
        }
        catch (BackendException error)
        {
            Tell(key, $"the value of {key} makes no sense: {error.Message}");
            return
                _before?._services.GetValueOrDefault(service) is { } instances
                && instances.TryGetValue(instance, out var known)
                ? known
                : null;
        }
    }

    /// <summary>Takes in that a key is gone.</summary>
    public void Delete(string key)
    {
        _problems.Remove(key);
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
            _before = null;
        }
        foreach (var service in _changed)
        {
            if (!_services.TryGetValue(service, out var instances))
            {
                Services = Services.Remove(service);
                continue;
            }
            if (Merge(service, instances.Values) is not { } set)
            {
                continue; // What it was before stays.
            }
            if (!EndpointSetComparer.Instance.Equals(Services.GetValueOrDefault(service), set))
            {
                Services = Services.SetItem(service, set);
            }
        }
        _changed.Clear();
        return Services;
    }

    private EndpointSet.Known? Merge(string service, IEnumerable<ImmutableArray<Endpoint>> instances)
    {
        var merge = new EndpointMerge();
        _problems.Remove(root + service);
        try
        {
            foreach (var endpoint in instances.SelectMany(e => e))
            {
                merge.Add(endpoint);
            }
            return merge.ToSet();
        }
        catch (BackendException error)
        {
            Tell(root + service, $"{root}{service}: {error.Message}");
            return null;
        }
    }

    private void Tell(string key, string problem)
    {
        if (_problems.Count < MaxProblems)
        {
            _problems[key] = problem;
        }
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
            || !EndpointMerge.IsWeight(weight)
        )
        {
            throw new BackendException("it needs an 'address', which is an IP address, a 'port', and no odd weight");
        }
        var metadata = root.Fields("metadata", MaxMetadata)
            .ToImmutableSortedDictionary(
                f => f.Key,
                f => f.Value.Text() ?? f.Value.GetRawText(),
                StringComparer.Ordinal
            );
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
