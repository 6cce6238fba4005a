namespace Weft.Proxy;

/// <summary>The shared states of all services that any loop knows. Each use ends with <see cref="Release"/>. From any thread.</summary>
internal sealed class SharedServices(Func<ulong> seed)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SharedServiceKey, SharedService> _services = [];

    /// <summary>States in use.</summary>
    public IReadOnlyList<SharedService> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _services.Values];
            }
        }
    }

    /// <summary>The state for a key, the same one for all who ask with it at the same time.</summary>
    public SharedService Acquire(SharedServiceKey key)
    {
        lock (_gate)
        {
            if (!_services.TryGetValue(key, out var service))
            {
                service = new SharedService(key, seed());
                _services.Add(key, service);
            }

            service.Users++;
            return service;
        }
    }

    public void Release(SharedService service)
    {
        lock (_gate)
        {
            if (--service.Users == 0)
            {
                _services.Remove(service.Key);
            }
        }
    }
}
