using System.Collections.Concurrent;
using Weft.Api.Mesh;
using Weft.Naming;

namespace Weft.Proxy;

/// <summary>Begins or ends to watch a name at the control plane.</summary>
internal delegate void WatchName(ResourceType type, string name, bool isWanted);

/// <summary>
/// The names <c>/#/...</c> of a proxy whose namers run in its control plane: a name that is asked for the first time is pending, and
/// watched from then on; one that nobody has asked for in a while is let go. What was once known is never forgotten because the
/// control plane is away. Safe from any thread; lookups wait for nobody.
/// </summary>
internal sealed class RemoteNames(TimeProvider time, WatchName watch) : INamer, IEndpointSource
{
    /// <summary>Bindings and endpoint sets in all; beyond it names fail. A control plane takes 20 000 from one proxy.</summary>
    public const int MaxNames = 20_000;

    /// <summary>Bytes of a name, which callers may have a say in; written out it has four times as many characters at most.</summary>
    public const int MaxLength = 4 * 1024;

    /// <summary>How long a name is watched after it was asked for last.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    private static readonly NameState.Failed TooManyBindings = new(TooMany);
    private static readonly EndpointSet.Failed TooManyEndpoints = new(TooMany);

    private readonly ConcurrentDictionary<Naming.Path, Entry<NameState>> _bindings = new();
    private readonly ConcurrentDictionary<Naming.Path, Entry<EndpointSet>> _endpoints = new();

    private static readonly NameState.Failed TooLongToBind = new(TooLong);
    private static readonly EndpointSet.Failed TooLongToResolve = new(TooLong);

    private static string TooLong => $"a name has more than {MaxLength} bytes";

    private static string TooMany => $"more than {MaxNames} names are watched";

    public NameState Lookup(Naming.Path path) =>
        !IsNamers(path) ? NameState.Neg
        : IsTooLong(path) ? TooLongToBind
        : Find(_bindings, path, ResourceType.Binding, NameState.Pending.Instance) is { } entry ? entry.Value
        : TooManyBindings;

    public EndpointSet Endpoints(Naming.Path concreteName) =>
        !IsNamers(concreteName) ? EndpointSet.Neg.Instance
        : IsTooLong(concreteName) ? TooLongToResolve
        : Find(_endpoints, concreteName, ResourceType.Endpoints, EndpointSet.Pending.Instance) is { } entry
            ? entry.Value
        : TooManyEndpoints;

    /// <summary>Takes in what was sent.</summary>
    /// <returns>Why it cannot be used; null when it can.</returns>
    public string? Take(Resource resource)
    {
        if (!Naming.Path.TryParse(resource.Name.Name, out var path, out _))
        {
            return $"'{resource.Name.Name}' is no path";
        }

        try
        {
            if (resource.Name.Type is not (ResourceType.Binding or ResourceType.Endpoints))
            {
                return $"resources of the type {resource.Name.Type} are not known here";
            }

            // A name that nobody wants any more may still be on its way; one from the snapshot of an earlier run is wanted.
            if (resource.Name.Type == ResourceType.Binding)
            {
                var state = WireContent.StateOf(resource);
                Keep(_bindings, path, NameState.Pending.Instance, state, isAnswer: state is NameState.Ok);
            }
            else
            {
                var set = WireContent.EndpointsOf(resource);
                Keep(_endpoints, path, EndpointSet.Pending.Instance, set, isAnswer: set is not EndpointSet.Failed);
            }

            return null;
        }
        catch (FormatException error)
        {
            return error.Message;
        }
    }

    /// <summary>Lets go of the names that nobody has asked for in a while.</summary>
    public void Sweep()
    {
        Sweep(_bindings, ResourceType.Binding);
        Sweep(_endpoints, ResourceType.Endpoints);
    }

    private static bool IsNamers(Naming.Path path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return path.Length >= 2 && path[0] == "#";
    }

    private static bool IsTooLong(Naming.Path path)
    {
        var length = 0;
        foreach (var label in path.Labels)
        {
            length += 1 + label.Length;
        }

        return length > MaxLength;
    }

    private Entry<T>? Find<T>(
        ConcurrentDictionary<Naming.Path, Entry<T>> entries,
        Naming.Path path,
        ResourceType type,
        T pending
    )
        where T : class
    {
        if (!entries.TryGetValue(path, out var entry))
        {
            if (entries.Count >= MaxNames / 2)
            {
                return null;
            }

            entry = entries.GetOrAdd(path, New(pending));
            watch(type, path.ToString(), isWanted: true);
        }

        entry.Touch(time.GetTimestamp());
        return entry;
    }

    /// <summary>That a source is down takes nothing away: what was known of the name stays.</summary>
    private void Keep<T>(
        ConcurrentDictionary<Naming.Path, Entry<T>> entries,
        Naming.Path path,
        T pending,
        T value,
        bool isAnswer
    )
        where T : class
    {
        var entry = entries.GetOrAdd(path, New(pending));
        if (
            isAnswer
            || entry.Value is NameState.Pending or NameState.Failed or EndpointSet.Pending or EndpointSet.Failed
        )
        {
            entry.Value = value;
        }
    }

    private Entry<T> New<T>(T value)
        where T : class => new(value, time.GetTimestamp());

    private void Sweep<T>(ConcurrentDictionary<Naming.Path, Entry<T>> entries, ResourceType type)
        where T : class
    {
        foreach (var (path, entry) in entries)
        {
            if (time.GetElapsedTime(entry.UsedAt) > Idle && entries.TryRemove(path, out _))
            {
                watch(type, path.ToString(), isWanted: false);
            }
        }
    }

    private sealed class Entry<T>(T value, long usedAt)
        where T : class
    {
        private T _value = value;
        private long _usedAt = usedAt;

        public T Value
        {
            get => Volatile.Read(ref _value);
            set => Volatile.Write(ref _value, value);
        }

        public long UsedAt => Volatile.Read(ref _usedAt);

        public void Touch(long now) => Volatile.Write(ref _usedAt, now);
    }
}
