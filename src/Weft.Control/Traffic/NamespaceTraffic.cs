using Weft.Api.Mesh;
using Weft.Api.Traffic;

namespace Weft.Control;

/// <summary>
/// What the proxies of one namespace have reported in the last ten minutes, by caller. Bounded in whatever proxies make up. Safe from any
/// thread; no clock of its own: times are seconds of one that never goes back.
/// </summary>
internal sealed class NamespaceTraffic
{
    /// <summary>Series of all callers together; what is beyond is counted as <c>other</c>.</summary>
    public const int MaxSeries = 100_000;

    /// <summary>Callers; those beyond are counted as <c>other</c>.</summary>
    public const int MaxCallers = 10_000;

    /// <summary>How long a proxy that left is spoken of, and a series without traffic kept.</summary>
    public const int KeptSeconds = TrafficRing.Slots * TrafficRing.SlotSeconds;

    private const int SweepSeconds = 60;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Name, string Dtabs), CallerTraffic> _callers = [];
    private readonly HashSet<ReportingProxy> _proxies = [];
    private readonly SeriesTotals _part = new();
    private int _series;
    private double _sweptAt;

    // The first moment that any report covers, and when the latest one came.
    private double _since = double.PositiveInfinity;
    private double _latest;

    /// <summary>The slots that a window is made of, the latest of which has only begun: as near to it as slots are.</summary>
    public static (long First, long Last) SlotsOf(TimeSpan window, double now)
    {
        var last = TrafficRing.SlotOf(now);
        var first = TrafficRing.SlotOf(now - window.TotalSeconds + (TrafficRing.SlotSeconds / 2.0));
        return (Math.Max(first, last - TrafficRing.Slots + 1), last);
    }

    /// <summary>Within <see cref="Read"/>: the seconds that the counts of a window are of; null when no report is of that time.</summary>
    public double? Covered(TimeSpan window, double now)
    {
        var from = Math.Max(SlotsOf(window, now).First * TrafficRing.SlotSeconds, _since);
        return _latest > from ? _latest - from : null;
    }

    /// <summary>A proxy's stream begins.</summary>
    public ReportingProxy Open(string id, double now)
    {
        var proxy = new ReportingProxy(id, now);
        lock (_gate)
        {
            _proxies.Add(proxy);
        }

        return proxy;
    }

    /// <summary>A proxy's stream ends. What it reported still counts.</summary>
    public void Leave(ReportingProxy proxy, double now)
    {
        lock (_gate)
        {
            proxy.Leave(now);
            if (_proxies.Count > MaxCallers)
            {
                // One that connects again and again is not worth the memory of all the others.
                _proxies.Remove(proxy);
            }

            Sweep(now);
        }
    }

    /// <summary>Takes a report in.</summary>
    /// <returns>Why it, and all that come after it on this stream, are not taken; null when it is, or when that was said before.</returns>
    public string? Take(ReportingProxy proxy, TrafficReport report, double now)
    {
        lock (_gate)
        {
            if (proxy.Refused is not null)
            {
                return null;
            }

            Sweep(now);
            var began = now - Math.Min(report.CoversMs / 1000.0, KeptSeconds);
            try
            {
                proxy.Reader.Read(report, (key, moved) => Add(CallerOf(proxy), key, moved, began, now));
            }
            catch (ReportException error)
            {
                return proxy.Refused = error.Message;
            }

            proxy.ReportedAt = _latest = now;
            _since = Math.Min(_since, began);
            CallerOf(proxy);
            return null;
        }
    }

    /// <summary>Reads under the lock: callers with their series, and proxies.</summary>
    public T Read<T>(double now, Func<IEnumerable<CallerTraffic>, IEnumerable<ReportingProxy>, T> read)
    {
        lock (_gate)
        {
            Sweep(now);
            return read(_callers.Values, _proxies);
        }
    }

    private CallerTraffic CallerOf(ReportingProxy proxy)
    {
        var role = proxy.Reader.Role!;
        if (!ReferenceEquals(role, proxy.Role) || proxy.Caller is null)
        {
            (proxy.Role, proxy.Caller) = (role, FindCaller(role.NameOf(proxy.Id), role.Dtabs));
        }

        return proxy.Caller;
    }

    private CallerTraffic FindCaller(string name, IReadOnlyList<string> dtabs)
    {
        if (_callers.Count >= MaxCallers && !_callers.ContainsKey(KeyOf(name, dtabs)))
        {
            (name, dtabs) = (ReportLimits.Other, []);
        }

        if (!_callers.TryGetValue(KeyOf(name, dtabs), out var caller))
        {
            _callers[KeyOf(name, dtabs)] = caller = new CallerTraffic(name, [.. dtabs]);
        }

        return caller;
    }

    private static (string Name, string Dtabs) KeyOf(string name, IEnumerable<string> dtabs) =>
        (name, string.Join('\n', dtabs));

    /// <summary>Counts evenly over the time that a report covers: after a break that may be minutes.</summary>
    private void Add(CallerTraffic caller, SeriesKey key, SeriesTotals moved, double began, double now)
    {
        var ring = RingOf(caller, key);
        var (first, last) = (TrafficRing.SlotOf(began), TrafficRing.SlotOf(now));
        if (first == last)
        {
            ring.Add(last, moved);
            return;
        }

        for (var slot = first; slot <= last; slot++)
        {
            Share(moved, ShareAt(slot), ShareAt(slot + 1));
            ring.Add(slot, _part);
        }

        double ShareAt(long slot) => Math.Clamp(((slot * TrafficRing.SlotSeconds) - began) / (now - began), 0, 1);
    }

    /// <summary>What lies between two points of a stretch, such that all parts of it together are the whole.</summary>
    private void Share(SeriesTotals moved, double from, double to)
    {
        _part.Successes = Part(moved.Successes);
        _part.Failures = Part(moved.Failures);
        _part.Retries = Part(moved.Retries);
        _part.SumNanoseconds = Part(moved.SumNanoseconds);
        for (var bucket = 0; bucket < ReportLimits.Buckets; bucket++)
        {
            _part.Durations[bucket] = Part(moved.Durations[bucket]);
        }

        long Part(long whole) => (long)Math.Round(whole * to) - (long)Math.Round(whole * from);
    }

    private TrafficRing RingOf(CallerTraffic caller, SeriesKey key)
    {
        if (_series >= MaxSeries && !caller.Series.ContainsKey(key))
        {
            caller = FindCaller(ReportLimits.Other, []);
            key = new SeriesKey(key.Kind, ReportLimits.Other, ReportLimits.Other);
        }

        if (!caller.Series.TryGetValue(key, out var ring))
        {
            caller.Series[key] = ring = new TrafficRing();
            _series++;
        }

        return ring;
    }

    /// <summary>Lets go of what is older than is told.</summary>
    private void Sweep(double now)
    {
        if (now < _sweptAt + SweepSeconds)
        {
            return;
        }

        _sweptAt = now;
        _proxies.RemoveWhere(p => p.LeftAt + KeptSeconds < now);
        var used = _proxies.Select(p => p.Caller).OfType<CallerTraffic>().ToHashSet();
        var oldest = TrafficRing.SlotOf(now) - TrafficRing.Slots;
        foreach (var (id, caller) in _callers)
        {
            foreach (var (key, ring) in caller.Series)
            {
                if (ring.Latest <= oldest)
                {
                    caller.Series.Remove(key);
                    _series--;
                }
            }

            if (caller.Series.Count == 0 && !used.Contains(caller))
            {
                _callers.Remove(id);
            }
        }
    }
}
