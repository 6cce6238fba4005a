using Weft.Api.Traffic;

namespace Weft.Control;

/// <summary>
/// What the proxies of one caller have counted, added up: a hundred proxies beside one service cost as much as one. Guarded by the lock of
/// its namespace.
/// </summary>
/// <param name="name">The services that the proxies stand beside, a proxy's id where it stands beside none.</param>
/// <param name="dtabs">The Dtab documents that they bind names by.</param>
internal sealed class CallerTraffic(string name, IReadOnlyList<string> dtabs)
{
    public string Name => name;

    public IReadOnlyList<string> Dtabs => dtabs;

    /// <summary>Each series with its counts.</summary>
    public Dictionary<SeriesKey, TrafficRing> Series { get; } = [];
}
