using System.Collections.Immutable;
using System.Net;
using Weft.Naming;

namespace Weft.Discovery;

/// <summary>
/// Keeps the endpoints of one name in use when most of them are withdrawn at once: a source that has lost its memory looks just like one whose
/// services are gone, and an endpoint that is really gone costs no more than a failed connection. What is added counts at once,
/// and so does what is withdrawn little by little. Pure; not safe for several threads.
/// </summary>
/// <param name="hold">How long the source must go on saying so.</param>
internal sealed class MassRemovalHold(TimeSpan hold)
{
    private readonly Dictionary<IPEndPoint, TimeSpan> _arrived = [];
    private readonly Dictionary<IPEndPoint, Departure> _departed = [];
    private EndpointSet? _said;
    private EndpointSet? _shown;

    /// <summary>How many endpoints are held at present.</summary>
    public int Held { get; private set; }

    /// <summary>What is to be used in the place of what the source says.</summary>
    /// <param name="said">What it says: neg or known. Anything else is passed on and changes nothing.</param>
    /// <param name="isCurrent">Whether the source is reachable and says so now; silence confirms nothing.</param>
    /// <param name="now">A moment on a clock that only goes forward.</param>
    public EndpointSet Apply(EndpointSet said, bool isCurrent, TimeSpan now)
    {
        if (said is not (EndpointSet.Known or EndpointSet.Neg))
        {
            return _shown ?? said;
        }
        if (!ReferenceEquals(said, _said))
        {
            TakeIn(said, now);
            _said = said;
        }
        else if (_departed.Count == 0)
        {
            return _shown!;
        }
        if (isCurrent)
        {
            Expire(now);
        }
        return _shown = Same(Show(said));
    }

    private void TakeIn(EndpointSet said, TimeSpan now)
    {
        var endpoints = Of(said);
        var present = endpoints.Select(e => e.Address).ToHashSet();
        foreach (var endpoint in Of(_said).Where(e => !present.Contains(e.Address)))
        {
            _departed[endpoint.Address] = new Departure(endpoint, now);
            _arrived.Remove(endpoint.Address);
        }
        foreach (var address in present)
        {
            // One that comes back within the hold was never away.
            var isBack = _departed.Remove(address);
            _arrived.TryAdd(address, isBack ? TimeSpan.MinValue : now);
        }
    }

    private void Expire(TimeSpan now)
    {
        foreach (var (address, departure) in _departed)
        {
            if (now - departure.At >= hold)
            {
                _departed.Remove(address);
            }
        }
    }

    private EndpointSet Show(EndpointSet said)
    {
        Held = 0;
        if (_departed.Count == 0)
        {
            return said;
        }
        var first = _departed.Values.Min(d => d.At);
        var stayed = _arrived.Values.Count(at => at < first);
        if (_departed.Count <= stayed)
        {
            return said;
        }
        Held = _departed.Count;
        return new EndpointSet.Known([.. Of(said), .. _departed.Values.Select(d => d.Endpoint)]);
    }

    private EndpointSet Same(EndpointSet next) =>
        _shown is not null && EndpointSetComparer.Instance.Equals(_shown, next) ? _shown : next;

    private static ImmutableArray<Endpoint> Of(EndpointSet? set) => (set as EndpointSet.Known)?.Endpoints ?? [];

    private readonly record struct Departure(Endpoint Endpoint, TimeSpan At);
}
